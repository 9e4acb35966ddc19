#include <algorithm>

#include "analysis/split.hpp"
#include "gossan/trajectory.hpp"

namespace gossan {
namespace {

// u_i^T X v_i / sigma_i for every true singular value.
Vector shares(const Factors& X, const Svd& truth) {
  const Matrix SL = truth.U.transpose() * X.L, SR = truth.V.transpose() * X.R;
  return SL.cwiseProduct(SR).rowwise().sum().cwiseQuotient(truth.s);
}

}  // namespace

Gauge learning(const Svd& truth, std::vector<std::optional<Index>>& emergence) {
  constexpr Index most = 12;
  const Index shown = std::min(most, truth.s.size());
  Gauge gauge;
  gauge.title = "Learnt share of the true singular values";
  for (Index i = 1; i <= shown; ++i) gauge.columns.push_back("learnt_" + std::to_string(i));
  emergence.assign(static_cast<std::size_t>(truth.s.size()), std::nullopt);
  gauge.follow = [truth, &emergence](const Iterate& at, const Factors& X) {
    const Vector share = shares(X, truth);
    for (Index i = 0; i < share.size(); ++i) {
      auto& first = emergence[static_cast<std::size_t>(i)];
      if (!first && share(i) >= 0.5) first = at.k;
    }
  };
  // Step 0: not yet.
  gauge.state = [&emergence]() -> Params {
    Matrix first = Matrix::Zero(1, static_cast<Index>(emergence.size()));
    for (std::size_t i = 0; i < emergence.size(); ++i)
      first(static_cast<Index>(i)) = static_cast<double>(emergence[i].value_or(0));
    return {{"emergence", first}};
  };
  gauge.restore = [&emergence](const Params& state) {
    for (std::size_t i = 0; i < emergence.size(); ++i) {
      const double first = state[0].value(static_cast<Index>(i));
      emergence[i] = first >= 1 ? std::optional(static_cast<Index>(first)) : std::nullopt;
    }
  };
  gauge.read = [truth, shown](const Iterate& /*at*/, const Factors& X, std::span<double> values) {
    Eigen::Map<Vector>(values.data(), shown) = shares(X, truth).head(shown);
  };
  return gauge;
}

}  // namespace gossan
