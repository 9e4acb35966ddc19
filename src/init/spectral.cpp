// Spectral starts: the leading part of C = (1/n) sum_i w_i A_i. With standard Gaussian A_i and w = y its mean is X itself, so
// that alpha = 1 starts at the size of X; with w = Sign(y) only the direction of X is kept. Other ensembles scale C by their own
// second moment.
#include <algorithm>
#include <cmath>
#include <optional>
#include <stdexcept>
#include <string>

#include "gossan/init.hpp"
#include "gossan/linalg.hpp"

namespace gossan {
namespace {

// C = A*(w), known by its products: formed where the operator does so in one sweep, a sweep a product otherwise.
class Backprojection {
 public:
  Backprojection(const Operator& A, std::vector<double> w) : A_(A), w_(std::move(w)) {
    if (dynamic_cast<const WholeAdjoint*>(&A) != nullptr) formed_ = whole_adjoint(A_, w_);
  }

  void multiply(const Vector& x, Vector& y) {
    if (formed_) {
      y.noalias() = *formed_ * x;
      return;
    }
    left_.setZero(A_.rows(), 1);
    right_ = x;
    adjoint_times(A_, w_, left_, right_, GL_, GR_);
    y = GL_.col(0);
  }

  void multiply_transposed(const Vector& x, Vector& y) {
    if (formed_) {
      y.noalias() = formed_->transpose() * x;
      return;
    }
    left_ = x;
    right_.setZero(A_.cols(), 1);
    adjoint_times(A_, w_, left_, right_, GL_, GR_);
    y = GR_.col(0);
  }

  // y = (C + C^T) / 2 x
  void multiply_symmetrised(const Vector& x, Vector& y) {
    if (formed_) {
      y.noalias() = 0.5 * (*formed_ * x);
      y.noalias() += 0.5 * (formed_->transpose() * x);
      return;
    }
    left_ = x;
    adjoint_times(A_, w_, left_, left_, GL_, GR_);
    y = 0.5 * (GL_.col(0) + GR_.col(0));
  }

 private:
  const Operator& A_;
  std::vector<double> w_;
  std::optional<Matrix> formed_;
  Matrix left_, right_, GL_, GR_;
};

// U = alpha V D_+^{1/2} of the leading eigenpairs V D V^T; negative ones give columns that are 0 and stay so.
void set_symmetric(Backprojection& C, double alpha, Matrix& U) {
  const Index k = std::min(U.rows(), U.cols());
  const auto product = [&C](const Vector& x, Vector& y) { C.multiply_symmetrised(x, y); };
  const Eigenpairs pairs = eigenpairs(U.rows(), product, k);
  U.leftCols(k) = alpha * pairs.vectors * pairs.values.cwiseMax(0.0).cwiseSqrt().asDiagonal();
}

// L = alpha U S^{1/2}, R = alpha V S^{1/2} of the leading singular triplets U S V^T.
void set_pair(Backprojection& C, double alpha, Matrix& L, Matrix& R) {
  const Index k = std::min({L.rows(), R.rows(), L.cols()});
  const auto product = [&C](const Vector& x, Vector& y) { C.multiply(x, y); };
  const auto transposed = [&C](const Vector& x, Vector& y) { C.multiply_transposed(x, y); };
  const Svd triplets = truncated_svd(L.rows(), R.rows(), product, transposed, k);
  const Vector root = triplets.s.cwiseMax(0.0).cwiseSqrt();
  L.leftCols(k) = alpha * triplets.U * root.asDiagonal();
  R.leftCols(k) = alpha * triplets.V * root.asDiagonal();
}

void check_context(const InitContext& context, std::string_view who) {
  const auto refuse = [&](const std::string& problem) { throw std::invalid_argument(std::string(who) + ": " + problem); };
  if (context.A == nullptr) refuse("needs the operator");
  const auto n = static_cast<std::size_t>(context.A->measurements());
  if (context.y.size() != n || (context.fitted != nullptr && context.fitted->size() != n)) {
    refuse("y and fitted must have one value for each of the " + std::to_string(n) + " measurements");
  }
  const Layout& layout = context.layout;
  const Index rows = context.A->rows(), cols = context.A->cols();
  const bool symmetric = layout.size() == 1 && layout[0].rows == rows && rows == cols;
  const bool pair = layout.size() == 2 && layout[0].rows == rows && layout[1].rows == cols && layout[0].cols == layout[1].cols;
  if (!symmetric && !pair) refuse("needs a model of one symmetric factor or a pair of factors of the operator's shape");
}

std::vector<Index> visible(const InitContext& context) {
  std::vector<Index> seen;
  for (Index e = 0; e < context.A->measurements(); ++e) {
    if (context.fitted == nullptr || (*context.fitted)[static_cast<std::size_t>(e)]) seen.push_back(e);
  }
  if (seen.empty()) throw std::invalid_argument("a spectral start needs at least one measurement");
  return seen;
}

// The start from C = (1 / |kept|) sum over kept of weight(y_i) A_i.
template <class Weight>
Params start_from(const InitContext& context, const std::vector<Index>& kept, double alpha, Weight weight) {
  std::vector<double> w(context.y.size(), 0.0);
  for (const Index e : kept) {
    const auto at = static_cast<std::size_t>(e);
    w[at] = weight(context.y[at]) / static_cast<double>(kept.size());
  }
  Backprojection C(*context.A, std::move(w));
  Params theta = zeros(context.layout);
  if (theta.size() == 1) {
    set_symmetric(C, alpha, theta[0].value);
  } else {
    set_pair(C, alpha, theta[0].value, theta[1].value);
  }
  return theta;
}

Field alpha_field(double& alpha) {
  return {.name = "alpha", .value = &alpha, .help = "scale of the factors", .least = 0, .above = true};
}

}  // namespace

Fields SpectralOptions::fields() { return {alpha_field(alpha)}; }

Fields RobustSpectralOptions::fields() { return {alpha_field(alpha)}; }

Fields TruncatedSpectralOptions::fields() {
  return {alpha_field(alpha),
          {.name = "keep",
           .value = &keep,
           .help = "share of the measurements, those of smallest |y|, that is kept: of the right ones, or less; must be given",
           .least = 0,
           .most = 1,
           .above = true}};
}

// NOLINTNEXTLINE(performance-unnecessary-value-param): the rows of a table pass their context by value
Params spectral(SpectralOptions options, InitContext context) {
  check(options.fields(), "spectral");
  check_context(context, "spectral");
  return start_from(context, visible(context), options.alpha, [](double y) { return y; });
}

// NOLINTNEXTLINE(performance-unnecessary-value-param): the rows of a table pass their context by value
Params robust_spectral(RobustSpectralOptions options, InitContext context) {
  check(options.fields(), "robust-spectral");
  check_context(context, "robust-spectral");
  const auto sign = [](double y) { return static_cast<double>((y > 0) - (y < 0)); };
  return start_from(context, visible(context), options.alpha, sign);
}

// Tong, Ma & Chi 2021: outliers that would tilt C are large, and are left out with all that is as large.
Params truncated_spectral(TruncatedSpectralOptions options, InitContext context) {
  if (std::isnan(options.keep)) refuse_without(Need::corruption, "truncated-spectral");
  check(options.fields(), "truncated-spectral");
  check_context(context, "truncated-spectral");
  std::vector<Index> kept = visible(context);
  const auto size = [&](Index e) { return std::abs(context.y[static_cast<std::size_t>(e)]); };
  const auto smaller = [&](Index a, Index b) { return size(a) != size(b) ? size(a) < size(b) : a < b; };
  const auto count = static_cast<std::ptrdiff_t>(std::ceil(options.keep * static_cast<double>(kept.size())));
  std::nth_element(kept.begin(), kept.begin() + (count - 1), kept.end(), smaller);
  kept.resize(static_cast<std::size_t>(count));
  return start_from(context, kept, options.alpha, [](double y) { return y; });
}

}  // namespace gossan
