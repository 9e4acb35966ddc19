// The charts that the reports of all recoveries share.
#pragma once

#include <span>
#include <vector>

#include "gossan/matrix.hpp"
#include "gossan/observers.hpp"
#include "gossan/report.hpp"
#include "gossan/trajectory.hpp"

namespace gossan {

Chart convergence_chart(const History& history);               // objective by step, a curve a phase
Chart singular_value_chart(const Vector& values, Index rank);  // rank marked
// standardised: residuals in units of the noise scale, NaN where there is none; cut in the same units.
Chart residual_chart(std::span<const double> standardised, const std::vector<bool>& flagged, double cut);

std::vector<Chart> trajectory_charts(const History& history, const Trace& trace);  // a panel a chart, a column a curve

}  // namespace gossan
