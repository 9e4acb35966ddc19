#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace gossan::cli {

using Json = nlohmann::ordered_json;

// Indented, with a line end; text that is not UTF-8 is mended.
inline std::string json_text(const Json& json) { return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n"; }

}  // namespace gossan::cli
