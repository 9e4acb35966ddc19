// Cells of a table as text.
#pragma once

#include <string>
#include <string_view>

namespace gossan::inputs {

std::string_view trimmed(std::string_view text);  // without blanks, tabs and line ends at either end
std::string lower(std::string_view text);         // ASCII

}  // namespace gossan::inputs
