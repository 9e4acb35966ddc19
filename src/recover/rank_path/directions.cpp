#include "recover/rank_path/directions.hpp"

#include <algorithm>
#include <cmath>

#include "gossan/linalg.hpp"
#include "gossan/random.hpp"
#include "recover/rank_path/huber_sweeps.hpp"
#include "recover/shared/spectrum.hpp"

namespace gossan::rank_paths {
namespace {

constexpr Index strip_rows = 256;

// C^T B, strip by strip in order.
Matrix transposed_product(const Matrix& C, const Matrix& B) {
  std::vector<Matrix> parts(static_cast<std::size_t>(block_count(C.rows(), strip_rows)));
  parallel_blocks(C.rows(), strip_rows, [&](Index block, Index first, Index last) {
    parts[static_cast<std::size_t>(block)].noalias() =
        C.middleRows(first, last - first).transpose() * B.middleRows(first, last - first);
  });
  Matrix sum = Matrix::Zero(C.cols(), B.cols());
  for (const Matrix& part : parts) sum += part;
  return sum;
}

Matrix product_in_strips(const Matrix& C, const Matrix& V) {
  Matrix out(C.rows(), V.cols());
  parallel_blocks(C.rows(), strip_rows, [&](Index, Index first, Index last) {
    out.middleRows(first, last - first).noalias() = C.middleRows(first, last - first) * V;
  });
  return out;
}

Matrix some_columns(const Matrix& C, std::uint64_t seed) {
  constexpr Index most = 512;
  if (C.cols() <= most) return C;
  const std::vector<Index> chosen = permutation(C.cols(), Random(seed, 504));
  Matrix part(C.rows(), most);
  for (Index a = 0; a < most; ++a) part.col(a) = C.col(chosen[static_cast<std::size_t>(a)]);
  return part;
}

}  // namespace

Matrix clipped_residual(const Matrix& Y, const Matrix& L, const Matrix& R, double scale) {
  const double bound = huber_clip * scale;
  Matrix C(Y.rows(), Y.cols());
  parallel_blocks(Y.rows(), strip_rows, [&](Index, Index first, Index last) {
    auto block = C.middleRows(first, last - first);
    block.noalias() = Y.middleRows(first, last - first) - L.middleRows(first, last - first) * R.transpose();
    block = block.unaryExpr([bound](double e) { return std::isnan(e) ? 0.0 : std::clamp(e, -bound, bound); });
  });
  return C;
}

Directions strongest(const Matrix& C, Index k, std::uint64_t seed) {
  constexpr Index steps = 6;
  Matrix V = normal_matrix(C.cols(), k, Random(seed, 503));
  for (Index step = 0; step < steps; ++step) V = orthonormal(transposed_product(C, product_in_strips(C, V)));
  return {product_in_strips(C, V), V};
}

StandingOut standing_out(const Matrix& C, Index fitted, std::uint64_t seed) {
  constexpr double above = 1.1, gap = 1.3;
  const Matrix part = some_columns(C, seed);
  const double m = static_cast<double>(part.rows()), n = static_cast<double>(part.cols());
  const Matrix gram = part.rows() >= part.cols() ? transposed_product(part, part) : Matrix(part * part.transpose());
  const Vector squares = eigenvalues(gram).cwiseMax(0.0);
  double left = squares.sum();
  StandingOut found;
  const Index most = squares.size() / 2;
  for (; found.count < most; ++found.count) {
    // What is left has as many rows and columns fewer as directions were taken from it.
    const double gone = static_cast<double>(found.count + fitted);
    const double rows = std::max(m - gone, 1.0), cols = std::max(n - gone, 1.0);
    const double edge = above * std::sqrt(left / (rows * cols)) * noise_edge(rows, cols);
    if (!(squares(found.count) > edge * edge)) break;
    left = std::max(0.0, left - squares(found.count));
  }
  found.clear = found.count > 0 && found.count < most && squares(found.count - 1) > gap * gap * squares(found.count);
  return found;
}

}  // namespace gossan::rank_paths
