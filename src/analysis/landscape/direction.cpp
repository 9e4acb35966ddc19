// The structured direction: Ma & Fattahi, "Can learning be explained by local optimality in robust low-rank matrix recovery?"
// (slides, 2023), with Sudakov's step replaced by its closed form: P takes the most negative eigenpairs of M, or the leading
// singular triplets of -M where the matrix is not symmetric.
#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "analysis/landscape/parts.hpp"
#include "gossan/linalg.hpp"

namespace gossan::landscape {
namespace {

constexpr double rank_tolerance = 1e-6;
constexpr double safety = 0.5;  // of the smallest outlier, the most that a prediction may change

// Orthonormal columns (k x freedom) whose products with the factor vanish.
Matrix null_space(const Matrix& factor) {
  // Rows of zeros change nothing but that the thin SVD has all of V.
  Matrix tall = Matrix::Zero(std::max(factor.rows(), factor.cols()), factor.cols());
  tall.topRows(factor.rows()) = factor;
  return svd(tall).V.rightCols(factor.cols() - numerical_rank(factor));
}

struct Directed {
  Params direction;
  Index freedom = 0;
  double gain = 0;
};

// dU = W N^T with W W^T = P = sum |l_j| v_j v_j^T over the negative eigenpairs of sym(M).
Directed symmetric_direction(Tangent& tangent, const Matrix& M) {
  const Matrix N = null_space(tangent.L());
  Directed found{tangent.zero(), N.cols(), 0};
  const Index most = std::min(N.cols(), M.rows());
  if (most == 0) return found;
  const Matrix S = 0.5 * (M + M.transpose());
  const auto product = [&S](const Vector& x, Vector& y) { y.noalias() = S * x; };
  const Eigenpairs pairs = eigenpairs(S.rows(), product, most, Which::smallest);
  const Vector sizes = (-pairs.values).cwiseMax(0.0);
  found.gain = -sizes.norm();
  if (found.gain == 0) return found;
  const Matrix W = pairs.vectors * (sizes / sizes.norm()).cwiseSqrt().asDiagonal();
  found.direction[0].value = W * N.leftCols(most).transpose();
  return found;
}

// dL = W1 (N_R E)^T and dR = W2 (N_L F)^T with N_R^T N_L = E S F^T, so that dL dR^T = W1 S W2^T = P = sum s_j u_j v_j^T.
Directed pair_direction(Tangent& tangent, const Matrix& M) {
  const Matrix N_L = null_space(tangent.L()), N_R = null_space(tangent.R());
  const Svd overlap = svd(N_R.transpose() * N_L);
  const Index freedom = (overlap.s.array() > rank_tolerance).count();
  Directed found{tangent.zero(), freedom, 0};
  const Index most = std::min({freedom, M.rows(), M.cols()});
  if (most == 0) return found;
  const auto product = [&M](const Vector& x, Vector& y) { y.noalias() = -(M * x); };
  const auto transposed = [&M](const Vector& x, Vector& y) { y.noalias() = -(M.transpose() * x); };
  const Svd triplets = truncated_svd(M.rows(), M.cols(), product, transposed, most);
  found.gain = -triplets.s.norm();
  if (found.gain == 0) return found;
  const Vector root = (triplets.s.array() / triplets.s.norm() / overlap.s.head(most).array()).sqrt();
  found.direction[0].value = triplets.U * root.asDiagonal() * (N_R * overlap.U.leftCols(most)).transpose();
  found.direction[1].value = triplets.V * root.asDiagonal() * (N_L * overlap.V.leftCols(most)).transpose();
  return found;
}

// |r + d| - |r|: the difference of two numbers of the size of r would lose d.
double change_of_size(double r, double d) {
  if (r > 0 && r + d > 0) return d;
  if (r < 0 && r + d < 0) return -d;
  return std::abs(r + d) - std::abs(r);
}

}  // namespace

Index numerical_rank(const Matrix& factor) {
  const Vector s = svd(factor).s;
  return s.size() == 0 ? 0 : (s.array() > rank_tolerance * s(0)).count();
}

std::optional<StructuredDirection> structured_direction(Tangent& tangent, const Residuals& at, double gamma,
                                                        std::string& why_none) {
  const auto n = static_cast<double>(tangent.measurements());
  if (at.zeros() == tangent.measurements()) {
    why_none = "every residual is zero: f is 0 here, and no step lowers it";
    return std::nullopt;
  }
  const Vector signs = at.signs();
  const Operator& A = tangent.measuring();
  const std::vector<double> weights = to_caller_order(A, {signs.data(), static_cast<std::size_t>(signs.size())});
  const Matrix M = whole_adjoint(A, weights) / n;
  const bool symmetric = tangent.zero().size() == 1;
  Directed found = symmetric ? symmetric_direction(tangent, M) : pair_direction(tangent, M);
  if (found.freedom == 0) {
    why_none = "the factors have full rank: a step that leaves X as it is to first order needs columns beyond it (--rank)";
    return std::nullopt;
  }
  if (found.gain == 0) {
    why_none = "the signs of the residuals favour no direction of this model";
    return std::nullopt;
  }

  StructuredDirection out{.direction = std::move(found.direction), .freedom = found.freedom, .outlier_gain = found.gain};
  const Vector a = tangent.second_order(out.direction);  // <A_e, P>
  double smallest = std::numeric_limits<double>::infinity();
  for (Index e = 0; e < a.size(); ++e) {
    if (at.zero(e)) {
      out.zero_cost += std::abs(a(e)) / n;
    } else {
      smallest = std::min(smallest, std::abs(at.r(e)));
    }
  }
  out.gaussian_cost = std::sqrt(2 / std::numbers::pi) * static_cast<double>(at.zeros()) / n;
  out.slope = out.zero_cost + out.outlier_gain;
  const double length = norm(out.direction);
  out.curvature = 2 * out.slope / (length * length);
  out.gamma_limit = std::sqrt(smallest / a.cwiseAbs().maxCoeff());
  const double largest_step = gamma > 0 ? gamma : std::sqrt(safety) * out.gamma_limit;
  out.differences = differences(tangent, at, largest_step, out.direction, change_of_size);
  return out;
}

}  // namespace gossan::landscape
