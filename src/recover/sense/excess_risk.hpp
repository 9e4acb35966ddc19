// The excess risk of a descent, split into signal and noise, as columns beside its history.
#pragma once

#include <span>

#include "gossan/sense.hpp"

namespace gossan::sensing {

// Throws std::invalid_argument where the split is asked for and cannot be: without a truth, of the tuning-free recovery, or from
// a start that depends on y, which the runs on the signal and on the noise would not share.
void check_excess_risk(const SenseOptions& options, const Matrix* truth);

// Appends the panel to `answer.trajectory.trace`: three runs of `descend`, on y, on A(truth) and on what is left of y
// (three_run), read where the history has rows; NaN in rows that not all three came to.
void add_excess_risk(const Descend& descend, const Operator& A, Model& model, const Matrix& truth, std::span<const double> y,
                     Index every, Sensed& answer);

}  // namespace gossan::sensing
