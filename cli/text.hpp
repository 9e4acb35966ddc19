// Cells of a table as text, integer or number; independent of the locale.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "gossan/matrix.hpp"

namespace gossan::cli {

std::string_view trimmed(std::string_view text);
std::string lower(std::string_view text);  // ASCII
std::optional<Index> as_integer(std::string_view text);
std::optional<double> as_finite(std::string_view text);

}  // namespace gossan::cli
