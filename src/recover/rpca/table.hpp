// The table as all parts of the recovery see it: observed entries to fit, a few held out, and how large they are.
#pragma once

#include <cstdint>
#include <vector>

#include "gossan/rpca.hpp"
#include "recover/rpca/lanes.hpp"
#include "recover/shared/freedom.hpp"
#include "recover/shared/spectrum.hpp"

namespace gossan::robust_pca {

struct TableEntry {
  Index i = 0, j = 0;
  double y = 0;
};

// A low-rank matrix L R^T.
struct TableFactors {
  Matrix L, R;
  Index rank() const { return L.cols(); }
};
double value_at(const TableFactors& X, Index i, Index j);
double power_near(double size);  // of two: dividing by it costs no digit
// |X - Y| at these entries.
std::vector<double> sizes_at(const Matrix& L, const Matrix& R, const std::vector<TableEntry>& entries);
inline std::vector<double> sizes_at(const TableFactors& X, const std::vector<TableEntry>& entries) {
  return sizes_at(X.L, X.R, entries);
}
// An entry beyond it has no square.
inline constexpr double largest_number = 1e150;

// Rows and columns are those with an observed entry, and may have been multiplied by powers of two; original ones are told by
// `rows_of` and `row_unit`: original = unit times the number here.
// A copy shares its numbers.
struct ObservedTable {
  Lanes by_row, by_col;                   // what is fitted, NaN elsewhere: two views of the same numbers
  std::vector<TableEntry> held_out = {};  // what is not
  std::vector<TableEntry> sample = {};    // of the fitted, some thousands at random: what scales on the way are read from
  std::vector<Index> row_count = {}, col_count = {};   // fitted entries
  std::vector<double> row_scale = {}, col_scale = {};  // median |y| of the fitted, never 0
  std::vector<Index> rows_of = {}, cols_of = {};       // original numbers
  Vector row_unit = {}, col_unit = {};                 // powers of two, 1 where nothing was rescaled
  Index count = 0;                                     // fitted entries
  double scale = 0;                                    // median |y| of all observed, of those that are not 0 where half are
  double zeros = 0;                                    // share of observed entries that are 0
  bool rescaled = false;
  double zero_row_unit = 1;  // of a row whose median is 0

  Index rows() const { return by_row.problems(); }
  Index cols() const { return by_col.problems(); }
  double share() const { return static_cast<double>(count) / (static_cast<double>(rows()) * static_cast<double>(cols())); }
  double edge() const { return noise_edge(static_cast<double>(rows()), static_cast<double>(cols())); }
  Index freedom(Index r) const { return degrees_of_freedom(r, rows(), cols()); }
  void take_held_out();  // fits the held-out entries, too; they stay listed
};

// What one reading of the table tells.
struct TableCensus {
  Index observed = 0;
  std::vector<Index> seen_rows, seen_cols, unseen_rows, unseen_cols;
};
// Throws std::invalid_argument on what cannot be a table.
TableCensus take_census(const TableRows& Y);
ObservedTable observe(const TableRows& Y, const TableCensus& census, double holdout, std::uint64_t seed);

}  // namespace gossan::robust_pca
