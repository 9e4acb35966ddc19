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
  Fields fields();
};

struct Measurements {
  std::unique_ptr<Operator> A;
  std::vector<double> y;
  std::string operator_name;  // the one chosen
};

// Throws BadFile where an array is not what the operator takes, holds NaN or infinity, or the lengths differ, and where the
// operator cannot be told from the array.
Measurements read_measurements(const std::filesystem::path& a_file, const std::filesystem::path& y_file,
                               const OperatorOptions& options);

}  // namespace gossan::cli
