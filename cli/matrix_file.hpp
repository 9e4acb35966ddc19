// Whole matrices from files: a truth, a point.
#pragma once

#include <string>

#include "gossan/matrix.hpp"
#include "gossan/operators.hpp"

namespace gossan::cli {

// A matrix of finite numbers; a vector is one column. Throws BadFile where it is not.
Matrix read_matrix(const std::string& file);
// The same of the shape that A measures, not all zero.
Matrix read_true_matrix(const std::string& file, const Operator& A);

}  // namespace gossan::cli
