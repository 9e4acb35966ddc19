#include "recover/rpca/row_repair.hpp"

#include <Eigen/LU>
#include <Eigen/QR>
#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "gossan/linalg.hpp"
#include "gossan/random.hpp"
#include "recover/shared/marks.hpp"

namespace gossan::robust_pca {
namespace {

constexpr Index trials = 400;
constexpr Index most_judged = 512;  // entries that a trial is judged by
constexpr double loose = 10;        // times the tolerance: what an exact fit of few entries may be off by elsewhere
constexpr std::uint64_t first_stream = 510;

// The observed entries of one problem.
struct RowData {
  Matrix V;
  Vector y;
};

RowData row_data(const Lanes& table, const Matrix& V, Index problem) {
  std::vector<Index> seen;
  for (Index k = 0; k < table.equations(); ++k)
    if (!std::isnan(table.at(problem, k))) seen.push_back(k);
  RowData row{V(seen, Eigen::all), Vector(static_cast<Index>(seen.size()))};
  for (Index e = 0; e < row.y.size(); ++e) row.y(e) = table.at(problem, seen[static_cast<std::size_t>(e)]);
  return row;
}

Index met(const RowData& row, const Vector& x, double bound, Index judged) {
  return ((row.V.topRows(judged) * x - row.y.head(judged)).array().abs() <= bound).count();
}

// The subset's fit that meets most entries.
Vector best_trial(const RowData& row, double tolerance, const Random& random, Index first_draw) {
  const Index r = row.V.cols(), count = row.y.size(), judged = std::min(count, most_judged);
  std::vector<Index> order(static_cast<std::size_t>(count));
  std::iota(order.begin(), order.end(), Index{0});
  Eigen::MatrixXd A(r, r);
  Vector b(r), best = Vector::Zero(r);
  Index most = -1;
  for (Index trial = 0; trial < trials; ++trial) {
    for (Index p = 0; p < r; ++p) {
      const Index other = p + random.below(first_draw + trial * r + p, count - p);
      std::swap(order[static_cast<std::size_t>(p)], order[static_cast<std::size_t>(other)]);
      A.row(p) = row.V.row(order[static_cast<std::size_t>(p)]);
      b(p) = row.y(order[static_cast<std::size_t>(p)]);
    }
    const Vector x = A.partialPivLu().solve(b);
    if (!x.allFinite()) continue;
    const Index now = met(row, x, loose * tolerance, judged);
    if (now > most) {
      most = now;
      best = x;
    }
  }
  return best;
}

}  // namespace

void repair_rows(const Lanes& table, const Matrix& V, const std::vector<Index>& bad, double tolerance, DrawSeed draws,
                 Matrix& X) {
  const Random random(draws.seed, first_stream + draws.stream);
  const Index r = V.cols();
  parallel_blocks(static_cast<Index>(bad.size()), 1, [&](Index, Index at, Index) {
    const Index problem = bad[static_cast<std::size_t>(at)];
    const RowData row = row_data(table, V, problem);
    if (row.y.size() < r + 3) return;
    const Vector trial = best_trial(row, tolerance, random, problem * trials * r);
    std::vector<Index> honest;
    for (Index e = 0; e < row.y.size(); ++e)
      if (std::abs(row.V.row(e).dot(trial) - row.y(e)) <= loose * tolerance) honest.push_back(e);
    if (static_cast<Index>(honest.size()) < r + 1) return;
    const Eigen::MatrixXd A = row.V(honest, Eigen::all);
    const Vector x = A.colPivHouseholderQr().solve(row.y(honest));
    const Vector old = X.row(problem).transpose();
    if (met(row, x, tolerance, row.y.size()) > met(row, old, tolerance, row.y.size())) X.row(problem) = x.transpose();
  });
}

std::vector<Index> ambiguous_rows(const Lanes& table, const Matrix& V, const Matrix& X, double tolerance, double share,
                                  DrawSeed draws) {
  constexpr double least_odds = 1000;
  constexpr double far = 30;  // times the tolerance: what is nearer belongs to x itself
  const Random random(draws.seed, first_stream + draws.stream);
  const Index r = V.cols();
  if (r == 0 || !(share > 0.5)) return {};
  const auto margin = static_cast<Index>(std::ceil(std::log(least_odds) / std::log(share / (1 - std::min(share, 0.999)))));
  std::vector<char> ambiguous(static_cast<std::size_t>(table.problems()));
  parallel_blocks(table.problems(), 8, [&](Index, Index first, Index last) {
    for (Index problem = first; problem < last; ++problem) {
      const RowData row = row_data(table, V, problem);
      const Vector x = X.row(problem).transpose();
      std::vector<Index> unmet;
      for (Index e = 0; e < row.y.size(); ++e)
        if (!(std::abs(row.V.row(e).dot(x) - row.y(e)) <= far * tolerance)) unmet.push_back(e);
      const auto left = static_cast<Index>(unmet.size());
      const Index here = row.y.size() - left;
      if (left < r + 3 || here - left >= margin) continue;
      const RowData rest{row.V(unmet, Eigen::all), row.y(unmet)};
      const Index other = met(rest, best_trial(rest, tolerance, random, problem * trials * r), loose * tolerance, left);
      if (other >= r + 3 && here - other < margin) ambiguous[static_cast<std::size_t>(problem)] = 1;
    }
  });
  return where(table.problems(), [&](Index problem) { return ambiguous[static_cast<std::size_t>(problem)] != 0; });
}

}  // namespace gossan::robust_pca
