#include "recover/rpca/core_lad.hpp"

#include <algorithm>
#include <cmath>

#include "recover/rpca/certificate.hpp"
#include "recover/rpca/exact_counts.hpp"
#include "recover/rpca/orthogonal.hpp"
#include "recover/rpca/row_repair.hpp"
#include "recover/shared/quantile.hpp"
#include "recover/shared/spectrum.hpp"

namespace gossan::robust_pca {
namespace {

constexpr Index lad_sweeps = 45;
constexpr double clear_gap = 20;

// Rows (or columns) that belong to the core.
std::vector<char> core_of(const Vector& leverage, double keep, const ExactCounts& exact, const std::vector<Index>& met,
                          const std::vector<Index>& observed) {
  constexpr double enough_met = 0.3, least_core = 0.5, fallback = 0.6;
  const auto below = [&](double share) {
    const double bound = quantile(leverage, share);
    std::vector<char> kept(static_cast<std::size_t>(leverage.size()));
    for (Index i = 0; i < leverage.size(); ++i) kept[static_cast<std::size_t>(i)] = leverage(i) <= bound ? 1 : 0;
    return kept;
  };
  std::vector<char> core = below(keep);
  if (exact.share > enough_met) {
    const std::vector<char> passed = enough(met, observed, exact.share, 3);
    for (std::size_t i = 0; i < core.size(); ++i) core[i] = core[i] != 0 && passed[i] != 0 ? 1 : 0;
  }
  const auto kept = static_cast<double>(std::count(core.begin(), core.end(), 1));
  return kept < least_core * static_cast<double>(core.size()) ? below(fallback) : core;
}

class Finish {
 public:
  Finish(const ObservedTable& table, double tolerance, std::uint64_t seed, Course& course)
      : table_(table), tolerance_(tolerance), seed_(seed), course_(course) {}

  TableFactors best(TableFactors X) {
    constexpr Index rounds = 4;
    TableFactors best = X;
    count(X);
    double best_score = exact_score(table_, exact_.total, X.rank());
    for (Index round = 0; round < rounds && X.rank() > 0; ++round) {
      X = refit(X, round);
      repair(X, round);
      const double score = exact_score(table_, exact_.total, X.rank());
      if (score > best_score) {
        best_score = score;
        best = X;
      }
      if (course_.poll() || settled(X)) break;
    }
    return best;
  }

 private:
  void count(const TableFactors& X) {
    exact_ = count_exact(table_, X, tolerance_);
    course_.sweeps += 2;
  }

  // Every row against the core's columns, every column against its rows; at first the rows once more, so that both have seen it.
  TableFactors refit(const TableFactors& X, Index round) {
    constexpr double wide = 0.95, narrow = 0.75;
    const Svd svd = singular(X);
    const double keep = round % 2 == 0 ? wide : narrow;
    const std::vector<char> rows = core_of(leverages(svd.U), keep, exact_, exact_.rows, table_.row_count);
    const std::vector<char> cols = core_of(leverages(svd.V), keep, exact_, exact_.cols, table_.col_count);
    const Svd core = product_svd(only(svd.U * svd.s.asDiagonal(), rows), only(svd.V, cols));
    const Index rank = rank_at_gap(core.s, X.rank(), clear_gap);
    const auto by_rows = [&](const Matrix& F) { return least_absolute(table_.by_row, F, table_.row_scale, lad_sweeps); };

    TableFactors next;
    next.L = orthonormal(by_rows(only(core.V.leftCols(rank), cols)));
    next.R = least_absolute(table_.by_col, only(next.L, rows), table_.col_scale, lad_sweeps);
    course_.sweeps += 2 * lad_sweeps;
    if (round == 0) {
      next.R = orthonormal(next.R);
      next.L = by_rows(next.R);
      course_.sweeps += lad_sweeps;
    }
    count(next);
    return next;
  }

  void repair(TableFactors& X, Index round) {
    constexpr double enough_met = 0.4, most_bad = 0.3;
    const auto few = [&](const std::vector<char>& passed) {
      const Index bad = failures(passed);
      return bad > 0 && static_cast<double>(bad) < most_bad * static_cast<double>(passed.size());
    };
    if (exact_.share <= enough_met) return;
    const std::vector<char> rows = enough(exact_.rows, table_.row_count, exact_.share, X.rank() + 3);
    if (few(rows)) {
      repair_rows(table_.by_row, X.R, where_failed(rows), tolerance_, {seed_, static_cast<std::uint64_t>(2 * round)}, X.L);
      count(X);
    }
    const std::vector<char> cols = enough(exact_.cols, table_.col_count, exact_.share, X.rank() + 3);
    if (few(cols)) {
      repair_rows(table_.by_col, X.L, where_failed(cols), tolerance_, {seed_, static_cast<std::uint64_t>(2 * round + 1)}, X.R);
      count(X);
    }
  }

  bool settled(const TableFactors& X) const {
    const Index least = X.rank() + 3;
    return exact_.share > 0.5 && failures(enough(exact_.rows, table_.row_count, exact_.share, least)) == 0 &&
           failures(enough(exact_.cols, table_.col_count, exact_.share, least)) == 0 && well_supported(singular(X));
  }

  const ObservedTable& table_;
  double tolerance_;
  std::uint64_t seed_;
  Course& course_;
  ExactCounts exact_;
};

}  // namespace

Index rank_at_gap(const Vector& values, Index most, double needed) {
  const Index count = std::min(most, values.size());
  const Gap gap = widest_gap(values, count, rounding_of(values));
  return gap.ratio > needed ? gap.rank : count;
}

double exact_score(const ObservedTable& table, Index exact, Index rank) {
  return static_cast<double>(exact - table.freedom(rank));
}

TableFactors finish_on_core(const ObservedTable& table, TableFactors X, double tolerance, std::uint64_t seed, Course& course) {
  return Finish(table, tolerance, seed, course).best(std::move(X));
}

}  // namespace gossan::robust_pca
