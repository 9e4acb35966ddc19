// Numbers as a reader wants them.
#pragma once

#include <string>

namespace gossan {

// Four significant digits, thousands separated, powers of ten as such: "26,059", "0.08312", "1.2×10⁻⁷", "∞", "not measured"
// (NaN).
std::string format_number(double value);

}  // namespace gossan
