// complete: a matrix from some of its entries. Ratings, whose noise has heavy tails and whose rows and columns have levels of
// their own, and low-rank matrices whose entries are exact or nearly so.
#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include "gossan/evidence.hpp"
#include "gossan/matrix.hpp"
#include "gossan/observers.hpp"
#include "gossan/options.hpp"
#include "gossan/recover.hpp"
#include "gossan/run.hpp"
#include "gossan/watch.hpp"

namespace gossan {

// N entries (i_e, j_e) of a rows x cols matrix, each at most once.
struct Ratings {
  Index rows = 0, cols = 0;
  std::vector<Index> i = {}, j = {};
  std::vector<double> value = {};
};

// Known about rows and columns beside their entries: a row of numbers each, exact or not. Empty: nothing. The factors of ratings
// are expected near a linear function of it, as near as the entries say (student-t and
// ordinal), those of a low-rank matrix within its span (inductive); pursuit leaves it aside.
struct SideInformation {
  Matrix rows = {};  // rows x a
  Matrix cols = {};  // cols x b
};

struct CompleteOptions {
  std::string method = "auto";  // student-t, ordinal, pursuit, inductive; auto: chosen from the data
  Index rank = 0;               // at most; 0: 8 components for ratings, 30 for pursuit
  double holdout = 0.05;        // share of the entries kept back for the verdict, and fitted at the end
  std::uint64_t seed = 0;
  Fields fields();
};

// Posterior of the rows, or of the columns, of a completed matrix: [factor, bias] of each is about normal.
struct RowFactors {
  Matrix factor;      // n x R
  Vector bias;        // n
  Matrix covariance;  // n x (R+1)(R+2)/2: of [factor, bias], lower triangle row by row
};

// What the n columns that a row has entries in say of it, whatever the values: [factor, bias] is about
// N(constant + weights^T u, diag(variance)), u = [(1 + n)^-1/2 sum of by_column over them | log(1 + n)] held within the range of
// the rows that were fitted, beyond which nothing was learnt.
struct RowPrior {
  Vector constant, variance;  // R + 1
  Matrix weights;             // f x (R + 1)
  Matrix by_column;           // cols x (f - 1)
  Vector lowest, highest;     // f
};

// All that predictions need, and fits of further rows.
struct EntryModel {
  Index rows = 0, cols = 0;
  // Prediction of entry (i, j): mean + <row.factor_i, col.factor_j> + row.bias_i + col.bias_j; ordinal: of the latent score.
  double mean = 0;
  RowFactors row, col;
  RowFactors row_unknown, col_unknown;                  // one each: what is known of a row or column without entries
  RowPrior row_prior;                                   // ratings; else empty
  double noise_scale = 0;                               // of an entry; ordinal: 1, of the latent score
  double nu = std::numeric_limits<double>::infinity();  // degrees of freedom of the Student-t noise
  double sd_scale = 1;                                  // standard deviations of predictions are multiplied by it
  std::vector<double> levels;                           // the distinct values, ascending, where they are few; else empty
  std::vector<double> thresholds;                       // ordinal: one less than levels
  double least = 0, most = 0;                           // predictions are clipped to, where there are levels
  // Few levels: estimated shares of ratings that are random, and that are reversed; else NaN. Honest ratings of heavy tails count
  // as random; random ones that are right by chance, and reversed ones in the middle of the scale, do not show
  // (docs/complete.md).
  double random_share = std::numeric_limits<double>::quiet_NaN(), reversed_share = random_share;
  // Few levels: an honest rating whose score by all others is x noise scales is of level k when score_scale x + N(0, 1) lies
  // between the thresholds k - 1 and k.
  double score_scale = 1;
  std::vector<double> score_thresholds;  // one less than levels
  double residual_scale = 0;             // many levels: robust scale of the residuals
  double outlier_fraction = 0;           // share of the fitted entries that are flagged
};

// Which entries, and which rows, disagree with a model.
struct EntryFlags {
  // N, in [0, 1]. Few levels: how likely the entry is neither random nor reversed, by what the others say of it. Else 1, or
  // (3 s / residual)^2 where that is less, s the robust scale of the residuals.
  std::vector<double> reliability;
  std::vector<double> residuals;   // N: value - prediction
  double outlier_cut = 0;          // entries of less reliability are flagged
  std::vector<bool> outliers;      // N
  std::vector<bool> flagged_rows;  // rows: with more flagged entries than chance allows
  Vector row_flags;                // rows: share of flagged entries, 0 without any
};

struct Completed : EntryModel, EntryFlags {
  std::string method;                                            // that was used
  Index rank = 0;                                                // components in use
  Vector strengths;                                              // singular values of the product of the factors, descending
  double holdout_error = 0, training_error = 0, bias_error = 0;  // root mean squares; the last of row and column means alone
  // The same of held-out entries without as many of the largest errors as entries are random or reversed.
  double holdout_trimmed = 0, bias_trimmed = 0;
  double holdout_kept = 1;  // share that is left by then
  double holdout_coverage =
      std::numeric_limits<double>::quiet_NaN();  // share of the held-out entries within their 90 % interval; NaN: too few to say
  double unknowns = 0;  // how many the entries had to settle; ratings: as far as the priors left them open
  Evidence evidence;
  History history;
  Status status = Status::converged;
  std::string message;
  Index iterations = 0, sweeps = 0;
  Choices choices;
};

// Throws std::invalid_argument on indices out of range, pairs that come twice, values that are not finite, and bad options.
Completed complete(const Ratings& data, CompleteOptions options, const SideInformation& side = {}, const Watch& watch = {});

// Means and standard deviations of the entries (i, j); an index of -1 is a row or column that no entry was of, and is answered
// like an average one: from the bias of the other. A standard deviation is that of a value to be observed, noise included.
void predict(const EntryModel& model, std::span<const Index> i, std::span<const Index> j, std::span<double> mean,
             std::span<double> sd);

}  // namespace gossan
