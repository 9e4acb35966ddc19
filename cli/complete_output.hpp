// What `gossan complete` writes: tables of rows, columns, flagged ratings and predictions, and the report.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "gossan/complete.hpp"
#include "gossan/report.hpp"
#include "ratings_file.hpp"
#include "summary.hpp"

namespace gossan::cli {

// Errors against values that took no part.
struct TestErrors {
  Index count = 0, unknown = 0;  // of all; of those with a row or column that no entry was of
  double rmse = 0, mae = 0;
  double coverage = 0;  // share within the 90 % interval
};

Json to_json(const TestErrors& errors);
std::string to_text(const TestErrors& errors);

// Bounds of what may be predicted.
struct ClipRange {
  double least = -std::numeric_limits<double>::infinity(), most = std::numeric_limits<double>::infinity();
};
// "1:5"; empty: none. Throws std::invalid_argument.
ClipRange parse_range(const std::string& text);

// Ratings, the model that answers for them, and what it thinks of them.
struct CompleteRun {
  const NamedRatings& data;
  const EntryModel& model;
  const EntryFlags& flags;
  ClipRange range;
};

// Values of these places, clipped, and their standard deviations.
struct Answers {
  std::vector<double> mean, sd;
};
Answers answers(const CompleteRun& run, const std::vector<Index>& i, const std::vector<Index>& j);
std::string predictions_csv(const CompleteRun& run, const NamedPairs& pairs);
TestErrors test_errors(const CompleteRun& run, const NamedPairs& pairs);
// id, bias, number of entries and of flagged ones, whether it disagrees; of these rows, in this order, where any are named.
std::string rows_csv(const CompleteRun& run, const std::vector<Index>& rows = {});
std::string cols_csv(const CompleteRun& run);
std::string flagged_csv(const CompleteRun& run);
std::string flagged_rows_csv(const CompleteRun& run);

// The ten rows or columns with the largest shares of flagged entries, of those with at least five.
using ReportTable = std::pair<std::string, std::vector<std::vector<std::string>>>;
ReportTable worst_rows(const CompleteRun& run);
ReportTable worst_cols(const CompleteRun& run);
Report complete_report(const CompleteRun& run, const Completed& completed, const Summary& summary);

}  // namespace gossan::cli
