// summary.json: what was asked, what was chosen, what came out and why it may be believed. Its schema is
// docs/summary.schema.json.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "common.hpp"
#include "gossan/evidence.hpp"
#include "gossan/options.hpp"
#include "gossan/run.hpp"
#include "run_folder.hpp"

namespace gossan::cli {

using Json = nlohmann::ordered_json;
using Choices = std::vector<std::pair<std::string, std::string>>;

struct Summary {
  std::string verb;
  Json inputs = Json::array();  // {file, ...what was found in it}
  Status status = Status::converged;
  Evidence evidence;
  Index rank = 0;
  double outlier_fraction = 0, noise_scale = 0;
  Json holdout;
  Index iterations = 0, sweeps = 0;
  double seconds = 0;
  std::uint64_t seed = 0;
  std::vector<FieldView> options;
  Settings settings;  // options of the chosen parts, as given
  Choices choices;
  Json details = Json::object();  // keys of the verb
};
Json to_json(const Summary& summary);

// Names and values as JSON values of their type; an unset number is null.
Json option_values(const std::vector<FieldView>& options);
Json version_values();
Json number_or_null(double value);  // null where it is not finite

std::string json_text(const Json& json);  // indented, with a line end; text that is not UTF-8 is mended

// The last file of a run, and what is said of it on standard output. `facts` are the lines of the summary for people.
void publish(const RunFolder& folder, const Summary& summary, const CommonOptions& common,
             const std::vector<std::pair<std::string, std::string>>& facts);

}  // namespace gossan::cli
