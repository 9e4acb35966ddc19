// The recipes of complete, and what they share.
#pragma once

#include <cstdint>

#include "gossan/evidence.hpp"
#include "recover/complete/course.hpp"
#include "recover/complete/holdout.hpp"
#include "recover/complete/predictions.hpp"

namespace gossan::completing {

// Of data with few distinct values.
struct Levels {
  std::vector<double> value;     // ascending; empty: there are many
  std::vector<std::uint8_t> of;  // N: number of each entry's value
  bool few() const { return value.size() >= 2; }
};
inline constexpr std::size_t most_levels = 20;
Levels find_levels(const std::vector<double>& values);

struct Problem {
  const Ratings& data;
  const CompleteOptions& options;
  const SideInformation& side;
  const Heldout& heldout;
  const Levels& levels;
};

// Ratings: variational Bayes with Student-t noise, or ordered levels (method: student-t, ordinal or auto). Fills all of the
// answer but the evidence.
void complete_ratings(const Problem& problem, Course& course, Completed& answer);

// Low-rank matrices: greedy pursuit of the rank, then least squares at that rank, within the spans of the features where there
// are.
struct Spans;
Spans spans_of(const SideInformation& side);
void complete_low_rank(const Problem& problem, Course& course, Completed& answer, const Spans& spans);

// Residuals of this share of the values: the equations hold exactly.
inline constexpr double exact_share = 1e-8;

// Number of components that carry more than a thousandth of the strongest one.
Index active_components(const Matrix& A, const Matrix& B);

// Residuals, reliability where there are many levels, flags of entries and rows.
void flag(const Problem& problem, Completed& answer);
void flag_nothing(const Ratings& data, Completed& answer);  // where there is no fit to judge entries by
// Its parts. Values less predictions:
std::vector<double> residuals_of(const EntryModel& model, const Ratings& data);
// outlier_cut, outliers and, where there are many levels, reliability by the size of the residuals.
void flag_entries(const EntryModel& model, const Ratings& data, EntryFlags& flags);
// Rows with more outliers than chance allows where `share` of all entries are.
void flag_rows(const Ratings& data, double share, EntryFlags& flags);

Evidence weigh(const Problem& problem, const Completed& answer);

}  // namespace gossan::completing
