// What `gossan complete` writes: tables of rows, columns, flagged ratings and predictions, and the report.
#pragma once

#include <optional>
#include <string>

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

// Bounds of what may be predicted.
struct ClipRange {
  double least = -std::numeric_limits<double>::infinity(), most = std::numeric_limits<double>::infinity();
};
// "1:5"; empty: none. Throws std::invalid_argument.
ClipRange parse_range(const std::string& text);

struct CompleteRun {
  const NamedRatings& data;
  const Completed& completed;
  ClipRange range;
};

std::string predictions_csv(const CompleteRun& run, const NamedPairs& pairs);
TestErrors test_errors(const CompleteRun& run, const NamedPairs& pairs);
std::string rows_csv(const CompleteRun& run);
std::string cols_csv(const CompleteRun& run);
std::string flagged_csv(const CompleteRun& run);
std::string flagged_rows_csv(const CompleteRun& run);

Report complete_report(const CompleteRun& run, const Summary& summary);

}  // namespace gossan::cli
