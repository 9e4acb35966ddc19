// Eigenpairs of symmetric matrices known by their products: Lanczos (Spectra), or dense where that is quicker.
#include <Spectra/SymEigsSolver.h>
#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "gossan/linalg.hpp"
#include "gossan/random.hpp"
#include "linalg/signs.hpp"

namespace gossan {
namespace {

constexpr Index dense_size = 64;  // below it, forming the matrix costs no more than Lanczos
constexpr std::uint64_t start_seed = 0x676f7373616e;

void multiply_finite(Product multiply, const Vector& x, Vector& y) {
  multiply(x, y);
  if (!y.allFinite()) throw std::invalid_argument("eigenpairs: a product with the matrix is not finite");
}

// Picks the k wanted of ascending eigenvalues, the most wanted first.
Eigenpairs pick(const Vector& values, const Matrix& vectors, Index k, Which which) {
  Eigenpairs pairs{Vector(k), Matrix(vectors.rows(), k)};
  for (Index a = 0; a < k; ++a) {
    const Index from = which == Which::largest ? values.size() - 1 - a : a;
    pairs.values(a) = values(from);
    pairs.vectors.col(a) = sign_of_largest(vectors.col(from)) * vectors.col(from);
  }
  return pairs;
}

Eigenpairs dense_eigenpairs(Index size, Product multiply, Index k, Which which) {
  Matrix M(size, size);
  Vector e = Vector::Zero(size);
  Vector column(size);
  for (Index a = 0; a < size; ++a) {
    e(a) = 1;
    multiply_finite(multiply, e, column);
    M.col(a) = column;
    e(a) = 0;
  }
  const Eigenpairs all = eigenpairs(0.5 * (M + M.transpose()));
  if (which == Which::largest) return {all.values.head(k), all.vectors.leftCols(k)};
  return {all.values.tail(k).reverse(), all.vectors.rightCols(k).rowwise().reverse()};
}

// ||M|| to within a small factor, from a few power iterations. Deterministic; 0 for the zero matrix.
double rough_norm(Product multiply, Vector x) {
  Vector y(x.size());
  double norm = 0;
  for (int i = 0; i < 10; ++i) {
    x.normalize();
    multiply_finite(multiply, x, y);
    norm = std::max(norm, y.norm());
    if (norm == 0) return 0;
    x.swap(y);
    if (x.norm() == 0) break;
  }
  return norm;
}

// M / c + sign I in the form that Spectra calls. Its tests for convergence are relative to each eigenvalue; after the shift those
// asked for lie near 1, so a wanted eigenvalue of 0 (any matrix of low rank has them) converges like the others.
class Shifted {
 public:
  using Scalar = double;
  Shifted(Index size, Product multiply, double c, double sign)
      : multiply_(multiply), c_(c), sign_(sign), size_(size), x_(size), y_(size) {}
  Index rows() const { return size_; }
  Index cols() const { return size_; }
  void perform_op(const double* x, double* y) const {  // const is what Spectra asks for
    x_ = Eigen::Map<const Vector>(x, size_);
    multiply_finite(multiply_, x_, y_);
    Eigen::Map<Vector>(y, size_) = y_ / c_ + sign_ * x_;
  }

 private:
  Product multiply_;
  double c_, sign_;
  Index size_;
  mutable Vector x_, y_;
};

Eigenpairs lanczos(Index size, Product multiply, Index k, Which which) {
  const Vector start = normal_matrix(size, 1, Random(start_seed, 0)).col(0);
  const double norm = rough_norm(multiply, start);
  if (norm == 0) return {Vector::Zero(k), Matrix::Identity(size, k)};

  const bool largest = which == Which::largest;
  const double c = 2 * norm, sign = largest ? 1 : -1;
  const auto rule = largest ? Spectra::SortRule::LargestAlge : Spectra::SortRule::SmallestAlge;
  Shifted shifted(size, multiply, c, sign);
  // Clustered eigenvalues may need a wider subspace: double it until it is the whole space.
  for (Index width = std::min(size, std::max<Index>(2 * k + 1, 32));; width = std::min(size, 2 * width)) {
    Spectra::SymEigsSolver<Shifted> solver(shifted, k, width);
    solver.init(start.data());
    if (solver.compute(rule, 300, 1e-12, Spectra::SortRule::SmallestAlge) == k) {
      const Vector values = (solver.eigenvalues().array() - sign) * c;
      return pick(values, solver.eigenvectors(), k, which);
    }
    if (width == size) break;
  }
  throw std::runtime_error(fmt::format("eigenpairs: Lanczos did not find {} eigenpairs of a matrix of order {}", k, size));
}

}  // namespace

Eigenpairs eigenpairs(Index size, Product multiply, Index k, Which which) {
  if (size < 1) throw std::invalid_argument(fmt::format("eigenpairs: size is {}, expected at least 1", size));
  if (k < 1 || k > size) throw std::invalid_argument(fmt::format("eigenpairs: k is {}, expected 1 to {}", k, size));
  if (size <= dense_size || k > size / 4) return dense_eigenpairs(size, multiply, k, which);
  return lanczos(size, multiply, k, which);
}

}  // namespace gossan
