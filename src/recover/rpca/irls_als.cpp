#include "recover/rpca/irls_als.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "recover/rpca/orthogonal.hpp"
#include "recover/rpca/sample_scale.hpp"

namespace gossan::robust_pca {
namespace {

constexpr double clip = 1.5, fall = 0.75, ridge_share = 0.5;
constexpr double vanished = 1e-9;  // of the table's scale
constexpr double at_rest = 1e-10;  // relative change of the predictions

std::vector<double> predictions(const TableFactors& X, const std::vector<TableEntry>& entries) {
  std::vector<double> values(entries.size());
  for (std::size_t e = 0; e < entries.size(); ++e) values[e] = value_at(X, entries[e].i, entries[e].j);
  return values;
}

double relative_change(const std::vector<double>& now, const std::vector<double>& before) {
  double change = 0, size = 0;
  for (std::size_t e = 0; e < now.size(); ++e) {
    change += (now[e] - before[e]) * (now[e] - before[e]);
    size += now[e] * now[e];
  }
  return size > 0 ? std::sqrt(change / size) : 0;
}

}  // namespace

IrlsAls::IrlsAls(const ObservedTable& table, TableFactors start) : table_(table), X_(std::move(start)) {
  last_ = predictions(X_, table_.sample);
}

Iterate IrlsAls::step() {
  scale_ = falling_sample_scale(table_, X_);
  allowed_ = k_ == 0 ? scale_ : std::max(scale_, fall * allowed_);
  const double q = table_.share(), noise = allowed_ * table_.edge();
  const HalfStep step{LaneWeight::huber, std::max(clip * allowed_, 1e-300), ridge_share * noise * std::sqrt(q)};
  const Index rank = X_.rank();
  X_.L = half_step(table_.by_row, X_.R, X_.L, step);
  X_.R = half_step(table_.by_col, X_.L, X_.R, step);

  Iterate iterate;
  iterate.k = ++k_;
  iterate.f = scale_;
  if (!X_.L.allFinite() || !X_.R.allFinite()) {
    iterate.f = std::numeric_limits<double>::quiet_NaN();
    return iterate;
  }
  const Svd svd = singular(X_);
  const Index kept = std::max<Index>((svd.s.array() > noise / std::sqrt(q)).count(), 1);
  X_ = balanced(svd, kept);
  std::vector<double> now = predictions(X_, table_.sample);
  iterate.change = relative_change(now, last_);
  last_ = std::move(now);
  done_ = allowed_ < vanished * table_.scale || (k_ > 6 && kept == rank && iterate.change < at_rest);
  theta_ = state();
  iterate.theta = &theta_;
  return iterate;
}

}  // namespace gossan::robust_pca
