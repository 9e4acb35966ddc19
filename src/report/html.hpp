// Text into HTML: escaping, so that no string of the data can become markup or code, and the filling of a page.
#pragma once

#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

namespace gossan {

// For element content and double-quoted attributes. Bytes that are not UTF-8, and control characters, become U+FFFD.
std::string escape_html(std::string_view text);

// JSON that can stand inside <script>: pure ASCII without <, > and &, so neither "</script>" nor "<!--" can occur in it. NaN
// and infinities become null.
std::string script_json(const nlohmann::json& value);

// Replaces every {{name}} of `page`. What is put in is not scanned again. A name without a part is std::logic_error.
std::string fill_page(std::string_view page, const std::map<std::string_view, std::string>& parts);

}  // namespace gossan
