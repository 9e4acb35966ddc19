// What the text readers share: numbers, and quoting for messages.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "gossan/matrix.hpp"

namespace gossan {

// A whole cell as a number, in any form C accepts ("+1", "1e-3", "inf", "nan"); empty when it is not one or is out of range.
std::optional<double> parse_double(std::string_view text);
std::optional<Index> parse_index(std::string_view text);

std::string_view trimmed(std::string_view text);  // without blanks and tabs at either end

// 'text' for a message: unprintable bytes as \x1f, long texts cut, so that a hostile file cannot write to the terminal.
std::string in_quotes(std::string_view text);

// Position of the first byte that is not part of well-formed UTF-8; npos when there is none.
std::size_t first_non_utf8(std::string_view text);

}  // namespace gossan
