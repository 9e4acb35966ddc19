// What all JSON of this library shares.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "gossan/options.hpp"

namespace gossan {

using Json = nlohmann::ordered_json;

// Names and values as JSON values of their type; an unset number is null.
Json option_values(const std::vector<FieldView>& options);

// Indented, with a line end. Numbers that are not finite are null; text that is not UTF-8 is mended.
std::string json_text(const Json& json);

}  // namespace gossan
