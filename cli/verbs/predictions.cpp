#include "verbs/predictions.hpp"

#include <fmt/format.h>

#include <stdexcept>

#include "gossan/inputs.hpp"
#include "gossan/present.hpp"

namespace gossan::cli {

ClipRange parse_range(const std::string& text) {
  if (text.empty()) return {};
  const std::size_t colon = text.find(':');
  const auto refuse = [&] {
    throw std::invalid_argument(fmt::format("option 'range' is '{}', expected LEAST:MOST with LEAST < MOST, such as 1:5", text));
  };
  if (colon == std::string::npos) refuse();
  const auto least = as_finite(text.substr(0, colon)), most = as_finite(text.substr(colon + 1));
  if (!least || !most || !(*least < *most)) refuse();
  return {*least, *most};
}

std::string predictions_text(const NamedPairs& pairs, const EntryModel& model, const ClipRange& range) {
  return predictions_csv(pairs.row, pairs.col, pairs.i, pairs.j, predict_within(range, model, pairs.i, pairs.j));
}

}  // namespace gossan::cli
