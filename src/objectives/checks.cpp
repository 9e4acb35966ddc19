#include "objectives/checks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

namespace gossan {

Index check_fit(const Operator& A, Model& model, std::span<const double> y, const std::vector<bool>& fitted, const char* who) {
  const auto n = static_cast<std::size_t>(A.measurements());
  if (y.size() != n)
    throw std::invalid_argument(
        fmt::format("{}: y has {} values, expected one for each of the {} measurements", who, y.size(), n));
  if (fitted.size() != n)
    throw std::invalid_argument(
        fmt::format("{}: fitted has {} marks, expected one for each of the {} measurements", who, fitted.size(), n));
  for (std::size_t e = 0; e < n; ++e) {
    if (fitted[e] && std::isnan(y[e]))
      throw std::invalid_argument(fmt::format("{}: y of measurement {} is NaN, expected a number", who, e));
  }
  const auto count = static_cast<Index>(std::count(fitted.begin(), fitted.end(), true));
  if (count == 0) throw std::invalid_argument(fmt::format("{}: fitted marks no measurement, expected at least one", who));
  check_model_shape(model, A.rows(), A.cols(), who);
  return count;
}

std::vector<double> fitted_part(std::span<const double> y, const std::vector<bool>& fitted) {
  std::vector<double> part(y.begin(), y.end());
  for (std::size_t e = 0; e < fitted.size(); ++e) {
    if (!fitted[e]) part[e] = std::numeric_limits<double>::quiet_NaN();
  }
  return part;
}

void check_model_shape(Model& model, Index rows, Index cols, const char* who) {
  const Params theta = zeros(model.layout());
  const Factors at = model.factors(theta);
  if (at.L.rows() == rows && at.R.rows() == cols) return;
  throw std::invalid_argument(
      fmt::format("{}: the model makes {} x {} matrices, expected {} x {}", who, at.L.rows(), at.R.rows(), rows, cols));
}

}  // namespace gossan
