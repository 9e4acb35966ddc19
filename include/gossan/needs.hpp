// What parts must be told because no data tell it: whoever needs one of these says so in its row, and refuses to run without.
#pragma once

#include <string>
#include <string_view>

namespace gossan {

enum class Need { rank, corruption, optimal_value, truth };

std::string to_string(Need need);  // "the rank"

// Throws std::invalid_argument: `who` lacks this, why no data tell it, and how it is given.
[[noreturn]] void refuse_without(Need need, std::string_view who);

}  // namespace gossan
