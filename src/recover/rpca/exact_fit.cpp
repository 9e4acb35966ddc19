#include "recover/rpca/exact_fit.hpp"

#include <limits>

#include "recover/rpca/core_lad.hpp"
#include "recover/rpca/orthogonal.hpp"
#include "recover/rpca/trimmed_ls.hpp"

namespace gossan::robust_pca {
namespace {

constexpr double hopeless = 0.02;  // share of exact entries below which a start is not worth finishing

TableFactors polished_where_better(const ObservedTable& table, const TableFactors& X, double tolerance) {
  TableFactors next = polish(table, X, tolerance);
  const bool better = count_exact(table, next, tolerance).total >= count_exact(table, X, tolerance).total;
  return better ? next : X;
}

}  // namespace

ExactFit fit_exactly(const ObservedTable& table, Starts& starts, std::uint64_t seed, Course& course) {
  const double tolerance = exact_share * table.scale;
  ExactFit best;
  best.X = {Matrix(table.rows(), 0), Matrix(table.cols(), 0)};
  best.score = -std::numeric_limits<double>::infinity();
  for (const Member member : portfolio) {
    if (course.poll()) break;
    const std::optional<Start>& start = starts.of(member);
    if (!start) continue;
    ExactFit fit{start->X, {}, 0, to_string(member)};
    if (!course.stopped()) {
      fit.X = sharpen(table, fit.X, course);
      if (count_exact(table, fit.X, tolerance).share >= hopeless)
        fit.X = polished_where_better(table, finish_on_core(table, fit.X, tolerance, seed, course), tolerance);
    }
    fit.certificate = certify(table, fit.X, tolerance);
    fit.score = exact_score(table, fit.certificate.exact.total, fit.X.rank());
    const bool better = fit.certificate.passed || fit.score > best.score;
    if (better) best = std::move(fit);
    if (best.certificate.passed) break;
  }
  return best;
}

TableFactors polish(const ObservedTable& table, TableFactors X, double tolerance) {
  constexpr int rounds = 6, loose_rounds = 3;
  constexpr double loose = 10;
  for (int round = 0; round < rounds; ++round) {
    const HalfStep step{LaneWeight::trimmed, round < loose_rounds ? loose * tolerance : tolerance, 0};
    X.L = half_step(table.by_row, X.R, X.L, step);
    X.R = half_step(table.by_col, X.L, X.R, step);
  }
  return X;
}

}  // namespace gossan::robust_pca
