#pragma once

#include <string>
#include <vector>

namespace gossan::cli {

// One line of RFC 4180 with its line end: cells quoted where they must be.
std::string csv_line(const std::vector<std::string>& cells);

// The shortest text that reads back as the same double; empty where it is not finite.
std::string csv_number(double value);

}  // namespace gossan::cli
