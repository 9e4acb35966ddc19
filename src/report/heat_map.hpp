// Heat maps of the page: figures of SVG.
#pragma once

#include <string>

#include "gossan/report.hpp"

namespace gossan {

// Throws std::invalid_argument where there are not rows times cols values.
std::string heat_figure(const HeatMap& map);

}  // namespace gossan
