#include "recover/rpca/exact_counts.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>

#include "recover/shared/binomial.hpp"
#include "recover/shared/marks.hpp"

namespace gossan::robust_pca {

ExactCounts count_exact(const ObservedTable& table, const TableFactors& X, double bound) {
  ExactCounts counts{count_within(table.by_row, X.R, X.L, bound), count_within(table.by_col, X.L, X.R, bound)};
  for (const Index each : counts.rows) counts.total += each;
  counts.share = static_cast<double>(counts.total) / static_cast<double>(std::max<Index>(table.count, 1));
  return counts;
}

std::vector<char> enough(const std::vector<Index>& exact, const std::vector<Index>& observed, double share, Index least) {
  constexpr double too_rare = 1e-7, most = 0.999, fewest = 1e-9;
  std::vector<char> passed(exact.size());
  const double chance = std::clamp(share, fewest, most);
  for (std::size_t i = 0; i < exact.size(); ++i)
    passed[i] = exact[i] >= least && binomial_tail(exact[i], observed[i], chance) > too_rare ? 1 : 0;
  return passed;
}

Index failures(const std::vector<char>& passed) { return std::count(passed.begin(), passed.end(), 0); }

std::vector<Index> where_failed(const std::vector<char>& passed) {
  return where(std::ssize(passed), [&](Index i) { return passed[static_cast<std::size_t>(i)] == 0; });
}

}  // namespace gossan::robust_pca
