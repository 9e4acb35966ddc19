// What a fit knows of rows that it has not seen: a model that is saved, scores new rows, fills their holes and takes them in.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "gossan/complete.hpp"
#include "gossan/evidence.hpp"
#include "gossan/matrix.hpp"
#include "gossan/observers.hpp"
#include "gossan/rpca.hpp"
#include "gossan/run.hpp"
#include "gossan/watch.hpp"

namespace gossan {

// A row y is V c + noise, but for gross errors; c is its own. Its entries count divided by the units of their columns and, where
// rows differ in size, by that of the row, a power of two near the median of its entries.
struct LowRankModel {
  Matrix V;                  // n x rank
  double noise_scale = 0;    // standard deviation of honest entries about V c; 0 where they are met exactly
  double cut = 0;            // |entry - V c| beyond which an entry is an outlier
  double outlier_share = 0;  // of the entries of the rows seen, in [0, 1)
  Index rows_seen = 0;
  // What further rows need for V to follow: of column j, the sum of c c^T over the rows seen whose entry there is honest, its
  // lower triangle by rows (n x rank (rank + 1) / 2).
  Matrix moments;
  Vector col_unit = {};                   // n, > 0; 1 where columns count as they are
  double zero_row_unit = 0;               // of a row whose median is 0, > 0; 0 where rows count as they are
  std::vector<std::string> col_ids = {};  // n, names of the columns; empty: they are told by their places
};

// Of a decomposed table m x n. Throws std::invalid_argument where the fit is of rank 0.
LowRankModel low_rank_model(const Decomposed& fit, const TableRows& Y);
// Of low-rank entries (pursuit, inductive): entries off by more than three noise scales, or 1e-5 of their root mean square where
// they hold exactly, are outliers. Throws std::invalid_argument where the fit is of rank 0 or one of ratings.
LowRankModel low_rank_model(const Completed& fit, const Ratings& data);

// Of ratings (student-t, ordinal), with the names of its rows and columns.
struct RatingsModel : EntryModel {
  std::vector<std::string> row_ids = {}, col_ids = {};
};
using SavedModel = std::variant<LowRankModel, RatingsModel>;

// An .npz archive (docs/apply.md). read_ and parse_ throw BadFile on what is no model, is damaged, or of another format.
void write_model(const std::filesystem::path& file, const LowRankModel& model);
void write_model(const std::filesystem::path& file, const RatingsModel& model);
SavedModel read_model(const std::filesystem::path& file);
SavedModel parse_model(std::span<const std::byte> bytes, const std::filesystem::path& name);

enum class RowFit {
  fitted,        // agrees with the model up to outliers, no more of them than chance allows
  misfit,        // more of its entries disagree than chance allows: it may be no row of this table
  unchecked,     // its entries fix c and leave too few over to tell outliers by
  undetermined,  // too few entries to fix c
};
std::string to_string(RowFit fit);

struct AppliedRow {
  RowFit fit = RowFit::undetermined;
  Index observed = 0, outliers = 0;
  double chance = 1;  // that a row has as many outliers or more, at the share of the rows seen
};

struct Applied {
  Matrix C;                           // m x rank: X = C V^T diag(col_unit); 0 where undetermined
  std::vector<AppliedRow> rows;       // m
  std::vector<bool> outliers;         // m n, row-major; false where nothing was observed and where the row is undetermined
  Evidence evidence;                  // of all rows together
  Status status = Status::converged;  // interrupted or time_limit: rows that were not reached are undetermined
};

// Fits every row of Y (m x n, NaN where not observed) to the known V by least absolute deviations, which a minority of gross
// errors does not move, then by least squares over its honest entries. Throws std::invalid_argument on another number of columns
// and on infinity, also after division by the units.
Applied apply(const LowRankModel& model, const TableRows& Y, const Watch& watch = {});

// The model after these rows: every column of V by least squares over all honest entries that it has met, with the c they
// were met with; rows that are not `fitted` take no part. Nothing is refitted, and the earlier rows are not needed. Exact where
// the new rows obey V.
LowRankModel fold_in(LowRankModel model, const TableRows& Y, const Applied& applied);

struct AppliedRatings {
  EntryModel model;   // with the rows of the data as they now are; predict() answers by it
  EntryFlags flags;   // of the data
  Evidence evidence;  // of the rows that have entries
  Status status = Status::converged;
  Index sweeps = 0;
};

// Fits every row that has entries to the known columns by the model's own law of noise, the posterior of a row of the model and
// the prior of a new one being what was known of it before. Rows 0 .. model.rows - 1 of the data are the model's, the others new;
// columns are the model's. The entries of a row of the model are further ones: those that it was fitted to count already. Values
// between the levels count as the nearest. Throws std::invalid_argument on other shapes, on what complete() refuses, and on a
// model that is not of ratings.
AppliedRatings apply(const EntryModel& model, const Ratings& data, const Watch& watch = {});

// The model after these entries: its rows, and every column by its posterior of before and the new entries alone. Rows that are
// flagged teach the columns nothing. Levels, noise and priors stay.
EntryModel fold_in(const EntryModel& before, const Ratings& data, const AppliedRatings& applied);

}  // namespace gossan
