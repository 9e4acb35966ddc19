// What `gossan complete` and `gossan apply` are asked to predict.
#pragma once

#include <string>

#include "gossan/compare.hpp"
#include "gossan/complete.hpp"
#include "gossan/inputs.hpp"

namespace gossan::cli {

// "1:5"; empty: none. Throws std::invalid_argument.
ClipRange parse_range(const std::string& text);

std::string predictions_text(const NamedPairs& pairs, const EntryModel& model, const ClipRange& range);  // predictions.csv

}  // namespace gossan::cli
