// What every objective asks of its data.
#pragma once

#include <span>
#include <vector>

#include "gossan/objectives.hpp"

namespace gossan {

// Throws std::invalid_argument unless y and fitted have a value for each measurement of A, y is a number where it is fitted, and
// the model's matrices have A's shape. Returns the number of fitted measurements, at least one.
Index check_fit(const Operator& A, Model& model, std::span<const double> y, const std::vector<bool>& fitted, const char* who);

// Throws std::invalid_argument unless the model makes rows x cols matrices.
void check_model_shape(Model& model, Index rows, Index cols, const char* who);

// y, with NaN for what is held out.
std::vector<double> fitted_part(std::span<const double> y, const std::vector<bool>& fitted);

}  // namespace gossan
