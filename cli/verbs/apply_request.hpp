// What `gossan apply` is asked, and its two kinds of model.
#pragma once

#include <string>

#include "gossan/apply.hpp"
#include "gossan/options.hpp"
#include "gossan/present.hpp"
#include "parse/common.hpp"
#include "run/session.hpp"

namespace gossan::cli {

struct ApplyOptions {
  std::string variable, format = "auto", predict, range, test;
  bool update = false;
  Fields fields();
};

struct ApplyRequest {
  std::string model_file, file;
  ApplyOptions options;
  CommonOptions common;
  RunRecord record = {};  // every option as given
};

// Rows of a table, by their least absolute deviations from the factor.
ExitCode apply_to_table(const ApplyRequest& request, const LowRankModel& model, Session& session);
// Ratings, by the law of their noise.
ExitCode apply_to_ratings(const ApplyRequest& request, const RatingsModel& model, Session& session);

}  // namespace gossan::cli
