// A recovery's answer as people and programs read it: facts, checks, JSON and a page. Pure functions of the answer and of what
// the caller knows of the run, so that whoever calls gets the same bytes; nothing here reads or writes a file, or prints.
//
// A run holds references: what it names must outlive it. Where ids or names are given that are not one each, or errors without
// the truth that they are of, std::invalid_argument says so.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "gossan/compare.hpp"
#include "gossan/matrix.hpp"
#include "gossan/observers.hpp"
#include "gossan/options.hpp"
#include "gossan/report.hpp"
#include "gossan/version.hpp"

namespace gossan {

class Operator;
struct Applied;
struct AppliedRatings;
struct Array;
struct Cell;
struct CompleteOptions;
struct Completed;
struct Decomposed;
struct Distances;
struct EntryFlags;
struct EntryModel;
struct Experimented;
struct Frames;
struct LoadedFrames;
struct Located;
struct LocateOptions;
struct LowRankModel;
struct Plan;
struct PlanOptions;
struct Probe;
struct ProbeOptions;
struct Ratings;
struct RatingsModel;
struct Reproduction;
struct RpcaOptions;
struct Sensed;
struct SenseOptions;
struct TableRows;
struct Trace;

using Facts = std::vector<std::pair<std::string, std::string>>;  // name -> text, in order

// What the caller knows of a run, and the answer does not.
struct RunRecord {
  struct Input {
    std::string name = {};  // a file, or what else the caller calls it
    std::string role = {};  // "truth", "point", "model", "test"; empty: data
  };
  std::vector<Input> inputs = {};       // data in the order in which the recovery takes them; those left out are called "array"
  std::vector<FieldView> options = {};  // every option with its value
  std::string option_prefix = {};       // before the names of options on the page, as the caller's readers write them
  double seconds = 0;                   // wall time of reading and recovering
  double recovery_seconds = 0;          // of these, of the recovery alone
  Facts versions = gossan::versions();  // of all that may change the numbers
  Facts notices = {};                   // what else the caller has to say: the last facts
};

struct Presentation {
  std::string recovery;  // "locate"
  std::string summary;   // JSON as docs/summary.schema.json has it, with a line end
  Report page;

  const Facts& facts() const { return page.facts; }
  std::string verdict() const { return page.finding.empty() ? to_string(page.evidence.verdict) : page.finding; }
  const std::string& message() const { return page.evidence.message; }
  bool doubtful() const { return page.finding.empty() && page.evidence.verdict != Verdict::trusted; }
};

// A row a step as CSV; the columns of a trace, which has as many rows or none, come last.
std::string history_csv(const History& history);
std::string history_csv(const History& history, const Trace& trace);

// --- locate --------------------------------------------------------------------------------------------------------------------

struct LocateRun {
  const Distances& pairs;
  const LocateOptions& options;
  const Located& located;
  std::span<const std::string> ids = {};    // of the points; empty: 0, 1, ...
  std::span<const std::string> names = {};  // of the points; empty: not known
  std::string columns = {};                 // which columns of a file the pairs were read from, where that was chosen
  std::optional<PointErrors> compared = {};
  const Matrix* truth = nullptr;  // where there is `compared`: true points; great-circle: N x 2, latitude and longitude

  void check() const;
  bool spherical() const;
  bool placed(Index i) const;
  std::string id(Index i) const;
  std::string name(Index i) const;   // empty where none is known
  std::string label(Index i) const;  // the name, else the id
};
// Inputs: the distances.
Presentation present(const LocateRun& run, const RunRecord& record = {});
// N x 2: latitude, longitude of the placed points of the largest piece, NaN elsewhere. Laid over the truth where there is one,
// else in an arbitrary orientation about the centre of the fitted sphere. Empty where the metric or the rank does not allow it.
Matrix map_coordinates(const LocateRun& run);
Matrix placed_points(const LocateRun& run);    // located.points, NaN where undetermined
std::string points_csv(const LocateRun& run);  // id, name, coordinates, placement, piece and error
std::string flagged_pairs_csv(const LocateRun& run);

// --- sense ---------------------------------------------------------------------------------------------------------------------

struct SenseRun {
  const Operator& A;
  const SenseOptions& options;
  const Sensed& sensed;
  std::optional<MatrixErrors> compared = {};
  std::string operator_name = "auto";
  std::string storage = {};  // how the operator holds its data, in words; may be empty
};
// Inputs: the operator's array, the measured values.
Presentation present(const SenseRun& run, const RunRecord& record = {});

// --- rpca ----------------------------------------------------------------------------------------------------------------------

struct RpcaRun {
  const TableRows& table;
  const RpcaOptions& options;
  const Decomposed& found;
  double held_bytes = 0;  // of the table, as the caller holds it
  std::optional<MatrixErrors> compared = {};
  const LoadedFrames* frames = nullptr;  // where the table is one of pictures
};
// Inputs: the table.
Presentation present(const RpcaRun& run, const RunRecord& record = {});
// Arrays row, col, value (what was observed less X) of the flagged entries, and shape.
std::map<std::string, Array> sparse_part(const RpcaRun& run);

// One frame of an answer. The background is L R^T; the foreground what the input shows where it is flagged, black elsewhere; the
// mask white where it is flagged. A pixel is flagged where one of its channels is.
struct FrameParts {
  std::vector<std::uint8_t> background, foreground, mask;
};
FrameParts frame_parts(const Frames& frames, const Decomposed& found, Index t);

// --- complete ------------------------------------------------------------------------------------------------------------------

// Entries with the ids of their rows and columns, the model that answers for them, and what it thinks of them.
struct RatedEntries {
  const Ratings& ratings;
  const EntryModel& model;
  const EntryFlags& flags;
  std::span<const std::string> row_ids = {}, col_ids = {};  // empty: 0, 1, ...

  void check() const;
  std::string row_id(Index i) const;
  std::string col_id(Index j) const;
};
// id, bias, number of entries and of flagged ones, whether it disagrees; of these rows, in this order, where any are named.
std::string rows_csv(const RatedEntries& entries, std::span<const Index> rows = {});
std::string cols_csv(const RatedEntries& entries);
std::string flagged_entries_csv(const RatedEntries& entries);
std::string flagged_rows_csv(const RatedEntries& entries);
// Of entries (i, j), -1 where unknown, called by these ids.
std::string predictions_csv(std::span<const std::string> row_ids, std::span<const std::string> col_ids, std::span<const Index> i,
                            std::span<const Index> j, const Predictions& predictions);

struct CompleteRun {
  RatedEntries entries;
  const CompleteOptions& options;
  const Completed& completed;
  std::string format = "matrix";  // what the entries were read from
  Index repeated = 0;             // entries whose place had come before
  std::optional<PredictionErrors> test = {};
  std::optional<double> relative_error = {};  // where there is a truth
};
// Inputs: the entries.
Presentation present(const CompleteRun& run, const RunRecord& record = {});

// --- apply ---------------------------------------------------------------------------------------------------------------------

struct ApplyTableRun {
  const LowRankModel& model;
  const TableRows& table;
  const Applied& applied;
  std::span<const std::string> ids = {};  // of the rows; empty: 0, 1, ...
  Index passed_over = 0;                  // entries in columns that the model does not know

  std::string id(Index i) const;
};
// Inputs: the rows.
Presentation present(const ApplyTableRun& run, const RunRecord& record = {});
Matrix filled(const ApplyTableRun& run);  // the table, its holes filled but in rows that nothing fixes
std::string applied_rows_csv(const ApplyTableRun& run);

struct ApplyRatingsRun {
  RatedEntries entries;
  const RatingsModel& model;  // before
  const AppliedRatings& applied;
  std::span<const Index> rows;  // of the new entries
  Index known = 0;              // rows that the model had
  Index passed_over = 0;
  Index repeated = 0;
  std::string format = "matrix";
  std::optional<PredictionErrors> test = {};
};
// Inputs: the entries.
Presentation present(const ApplyRatingsRun& run, const RunRecord& record = {});
Matrix filled(const ApplyRatingsRun& run, const ClipRange& range);  // the rows, every hole filled

// --- probe ---------------------------------------------------------------------------------------------------------------------

struct ProbeRun {
  const Operator& A;
  const ProbeOptions& options;
  const Probe& found;
  bool symmetric = true;  // the point is a factor U of U U^T
  std::string operator_name = "auto";
  std::string storage = {};
};
// Inputs: the operator's array, the measured values.
Presentation present(const ProbeRun& run, const RunRecord& record = {});

// --- plan ----------------------------------------------------------------------------------------------------------------------

struct PlanRun {
  const PlanOptions& options;
  const Plan& plan;
};
// The summary is of plan's own form.
Presentation present(const PlanRun& run, const RunRecord& record = {});
std::string plan_csv(const Plan& plan);  // the curve

// --- reproductions -------------------------------------------------------------------------------------------------------------

struct ReproductionRun {
  const Reproduction& reproduction;
  const Experimented& result;
};
// weigh() of its numbers; doubtful where it was stopped.
Evidence outcome(const ReproductionRun& run);
// The summary is of its own form.
Presentation present(const ReproductionRun& run, const RunRecord& record = {});
std::string reproductions_json(std::span<const std::string> summaries);                     // of several
std::string cells_csv(const Reproduction& reproduction, const std::vector<Cell>& cells);    // a line a trial
std::string courses_csv(const Reproduction& reproduction, const std::vector<Cell>& cells);  // median error and loss by step

// --- generated instances -------------------------------------------------------------------------------------------------------

// What was made, as JSON with a line end: counts of it, and every option.
std::string generated_json(const std::string& name, const std::vector<std::pair<std::string, Index>>& counts,
                           const std::vector<FieldView>& options);

}  // namespace gossan
