// What the summaries and pages of all recoveries share.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "gossan/compare.hpp"
#include "gossan/present.hpp"
#include "gossan/run.hpp"
#include "io/json.hpp"

namespace gossan {

inline constexpr int schema_version = 1;

// A summary but for what the caller knows.
struct Account {
  std::string recovery;
  std::vector<Json> found = {};  // what was found in the data, one an input
  Status status = Status::converged;
  Index rank = 0;
  double outlier_fraction = 0, noise_scale = 0;
  Json holdout = {};
  Index iterations = 0, sweeps = 0;
  std::uint64_t seed = 0;
  Facts choices = {};
  Settings settings = {};         // options of parts chosen by name
  Json details = Json::object();  // keys of the recovery
  bool page_lists_options = true;
};

// `page` comes with its evidence, facts, charts and tables; choices, options and the caller's notices are added.
Presentation presentation(const Account& account, const RunRecord& record, Report page);

// The inputs by name, data with what was found in them.
Json inputs_json(const RunRecord& record, const std::vector<Json>& found);
// Options and settings by name.
Json options_json(const RunRecord& record, const Settings& settings = {});
Json versions_json(const RunRecord& record);
void list_options(Report& page, const RunRecord& record);

Json errors_json(const MatrixErrors& errors);

// Throws std::invalid_argument unless there are `count` of them, or none. `what`: "ids of points".
void check_count(std::span<const std::string> names, Index count, const char* what);

}  // namespace gossan
