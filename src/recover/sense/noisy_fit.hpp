// Step 9 of the tuning-free recovery: least squares on the honest equations, found together with their scale.
#pragma once

#include <vector>

#include "recover/sense/equations.hpp"
#include "recover/sense/run_log.hpp"
#include "recover/sense/tuning_free.hpp"

namespace gossan::sensing {

// From answer.X, whose residuals answer.residuals may be (in the order of the sweeps; empty: not known), to the fit of all
// equations. Before it one without those that are held out, so that they can be asked: fitted and held_out_residuals are of that.
void fit_noise(const Equations& equations, const TuningFreeLimits& limits, RunLog& log, TuningFree& answer);

}  // namespace gossan::sensing
