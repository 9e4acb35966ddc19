// Sign-RIP: Ma & Fattahi, "Global convergence of sub-gradient method for robust matrix recovery" (JMLR 24, 2023), Definition 1.
// The supremum over Y of rank k and unit size is explicit, that over X is not: random draws, and the point's own error, bound it
// below.
#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "analysis/landscape/parts.hpp"
#include "gossan/linalg.hpp"
#include "gossan/random.hpp"

namespace gossan::landscape {
namespace {

constexpr std::uint64_t sign_rip_stream = 151;

struct Kept {
  double phi = 0;
  std::vector<double> delta = {};
};

// How well Q keeps the direction of X.
Kept deviation_of(const Matrix& Q, const Matrix& X, const std::vector<Index>& k) {
  const Matrix unit = X / X.norm();
  Kept kept{.phi = Q.cwiseProduct(unit).sum()};
  const Matrix M = Q - kept.phi * unit;
  const auto product = [&M](const Vector& x, Vector& y) { y.noalias() = M * x; };
  const auto transposed = [&M](const Vector& x, Vector& y) { y.noalias() = M.transpose() * x; };
  const Vector s = truncated_svd(M.rows(), M.cols(), product, transposed, k.back()).s;
  for (const Index each : k) {
    kept.delta.push_back(kept.phi > 0 ? s.head(each).norm() / kept.phi : std::numeric_limits<double>::quiet_NaN());
  }
  return kept;
}

// X = left right^T against the errors s of the measurements.
Deviation deviation(const Operator& A, const Vector& s, const Matrix& left, const Matrix& right, const std::vector<Index>& k) {
  const auto n = static_cast<std::size_t>(s.size());
  std::vector<double> z(n), sign(n);
  predict(A, left, right, z);
  const Matrix X = left * right.transpose();
  const double size = X.norm();
  Deviation out{.size = size};
  for (std::size_t e = 0; e < n; ++e) {
    const double error = s(static_cast<Index>(e));
    z[e] -= error;
    sign[e] = (z[e] > 0 ? 1.0 : 0.0) - (z[e] < 0 ? 1.0 : 0.0);
    out.phi_gaussian += std::exp(-0.5 * (error / size) * (error / size));
  }
  out.phi_gaussian *= std::sqrt(2 / std::numbers::pi) / static_cast<double>(n);
  Kept by_sign = deviation_of(whole_adjoint(A, sign) / static_cast<double>(n), X, k);
  out.phi = by_sign.phi;
  out.delta = std::move(by_sign.delta);
  out.l2 = deviation_of(whole_adjoint(A, z) / static_cast<double>(n), X, k).delta;
  return out;
}

std::vector<Index> ranks(Index r, Index most) {
  std::vector<Index> k;
  for (const Index each : {r, 2 * r, 4 * r}) {
    if (k.empty() || k.back() < std::min(each, most)) k.push_back(std::min(each, most));
  }
  return k;
}

// Entries of Q - phi X / |X|_F are about N(0, 1/n) where A_e are standard normal; k of its singular values are at most its norm
// each, and together at most all of it.
double typical_delta(double phi, Index k, const Operator& A) {
  const auto rows = static_cast<double>(A.rows()), cols = static_cast<double>(A.cols());
  const double leading = std::sqrt(static_cast<double>(k)) * (std::sqrt(rows) + std::sqrt(cols));
  return std::min(leading, std::sqrt(rows * cols)) / std::sqrt(static_cast<double>(A.measurements())) / phi;
}

}  // namespace

SignRip sign_rip(const Operator& A, std::span<const double> y, const Factors& reference, Index rank, bool of_truth,
                 const Matrix* error, const ProbeOptions& options, Pace& pace) {
  Vector s = Eigen::Map<const Vector>(y.data(), static_cast<Index>(y.size()));
  Vector fitted(s.size());
  predict(A, reference.L, reference.R, {fitted.data(), y.size()});
  const double measured = s.norm() / std::sqrt(static_cast<double>(s.size()));
  s -= fitted;

  const Index r = std::max<Index>(rank, 1);
  SignRip out{.k = ranks(r, std::min(A.rows(), A.cols())), .of_truth = of_truth};
  if (error != nullptr) out.error = deviation(A, s, *error, Matrix::Identity(A.cols(), A.cols()), out.k);

  const double product = (reference.L * reference.R.transpose()).norm();
  const double size = product > 0 ? product : measured;  // |A(X)| is about |X|_F where A_e are standard normal
  const auto done = [&](Index draw) { return static_cast<double>(draw) / static_cast<double>(options.draws); };
  for (Index draw = 0; size > 0 && draw < options.draws && !pace.ends(done(draw)); ++draw) {
    const Random random(options.seed, sign_rip_stream + static_cast<std::uint64_t>(draw) * 2);
    Matrix left = normal_matrix(A.rows(), r, random);
    Matrix right = left;
    if (&reference.L != &reference.R)
      right = normal_matrix(A.cols(), r, Random(options.seed, sign_rip_stream + 1 + 2 * static_cast<std::uint64_t>(draw)));
    for (Index j = 1; j < r; j += 2) right.col(j) *= -1;  // symmetric ones are indefinite, as errors are
    left *= size / (left * right.transpose()).norm();
    out.draws.push_back(deviation(A, s, left, right, out.k));
  }
  const Deviation* any = out.error ? &*out.error : (out.draws.empty() ? nullptr : &out.draws.front());
  for (const Index k : out.k)
    out.typical.push_back(any ? typical_delta(any->phi_gaussian, k, A) : std::numeric_limits<double>::quiet_NaN());
  return out;
}

}  // namespace gossan::landscape

namespace gossan {

double SignRip::largest(std::size_t which_k, bool l2) const {
  double most = std::numeric_limits<double>::quiet_NaN();
  const auto see = [&](const Deviation& each) { most = std::fmax(most, (l2 ? each.l2 : each.delta)[which_k]); };
  if (error) see(*error);
  for (const Deviation& each : draws) see(each);
  return most;
}

}  // namespace gossan
