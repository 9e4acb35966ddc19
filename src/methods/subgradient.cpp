// theta - eta_k g, or theta - eta_k D g where the rows of all blocks have step lengths of their own.
#include <cmath>
#include <stdexcept>
#include <string>

#include "methods/metric_descent.hpp"

namespace gossan {
namespace {

Metric rows_metric(const Vector& scale, const Layout& layout) {
  if (scale.size() == 0) return [](Params& gradient) { return norm(gradient); };
  for (const Shape& shape : layout) {
    if (shape.rows == scale.size()) continue;
    throw std::invalid_argument("subgradient: row_scale has " + std::to_string(scale.size()) + " values, block " + shape.name +
                                " has " + std::to_string(shape.rows) + " rows");
  }
  return [scale](Params& gradient) {
    double square = 0;
    for (Block& block : gradient) {
      for (Index i = 0; i < block.value.rows(); ++i) square += scale(i) * block.value.row(i).squaredNorm();
      block.value.array().colwise() *= scale.array();
    }
    return std::sqrt(square);
  };
}

}  // namespace

std::unique_ptr<Method> subgradient(SubgradientOptions options, Schedule schedule) {
  for (Index i = 0; i < options.row_scale.size(); ++i) {
    const double value = options.row_scale(i);
    if (std::isfinite(value) && value > 0) continue;
    throw std::invalid_argument("subgradient: row_scale " + std::to_string(i) + " is " + std::to_string(value) +
                                ", expected a finite number > 0");
  }
  return metric_descent([scale = std::move(options.row_scale)](const Layout& layout) { return rows_metric(scale, layout); },
                        std::move(schedule));
}

}  // namespace gossan
