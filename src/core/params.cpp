#include "gossan/params.hpp"

#include <cmath>

namespace gossan {

Params zeros(const Layout& layout) {
  Params theta;
  theta.reserve(layout.size());
  for (const Shape& shape : layout) theta.push_back({shape.name, Matrix::Zero(shape.rows, shape.cols)});
  return theta;
}

Layout layout_of(const Params& theta) {
  Layout layout;
  layout.reserve(theta.size());
  for (const Block& block : theta) layout.push_back({block.name, block.value.rows(), block.value.cols()});
  return layout;
}

double dot(const Params& a, const Params& b) {
  double sum = 0;
  for (std::size_t k = 0; k < a.size(); ++k) sum += a[k].value.cwiseProduct(b[k].value).sum();
  return sum;
}

double norm(const Params& a) {
  double sum = 0;
  for (const Block& block : a) sum += block.value.squaredNorm();
  return std::sqrt(sum);
}

void add_scaled(Params& theta, double scale, const Params& d) {
  for (std::size_t k = 0; k < theta.size(); ++k) theta[k].value += scale * d[k].value;
}

bool all_finite(const Params& theta) {
  for (const Block& block : theta) {
    if (!block.value.allFinite()) return false;
  }
  return true;
}

}  // namespace gossan
