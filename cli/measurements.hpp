// The measurements of `gossan sense`: an array for the operator, and a vector.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "gossan/operators.hpp"
#include "gossan/options.hpp"

namespace gossan::cli {

struct OperatorOptions {
  std::string name = "auto";
  Index rows = 0, cols = 0;
  std::string precision = "auto";
  Index memory_limit = 0;  // 10^6 bytes; 0: none
  Fields fields();
};

struct Measurements {
  std::unique_ptr<Operator> A;
  std::vector<double> y;
  std::string operator_name;  // the one chosen
  std::string storage;        // how dense matrices are held, in words; empty for others
};

// What dense matrices are for.
struct MatrixUse {
  bool symmetric = false;        // the unknown is: the symmetric part of each matrix is all that is held
  Storage rough = Storage::f32;  // of the copy beside double ones, for steps on the way
};

// Throws BadFile where an array is not what the operator takes, holds NaN or infinity, or the lengths differ, and where the
// operator cannot be told from the array; std::invalid_argument on options that do not go with it.
Measurements read_measurements(const std::filesystem::path& a_file, const std::filesystem::path& y_file,
                               const OperatorOptions& options, const MatrixUse& use);

}  // namespace gossan::cli
