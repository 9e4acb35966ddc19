// Dense measurement matrices of a file: held in memory as narrow as is exact, or streamed.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "gossan/inputs.hpp"
#include "gossan/operators.hpp"

namespace gossan {

// An array that is read a piece at a time, in C order.
struct MatrixRows {
  std::vector<Index> shape;
  ReadRows read;
  bool streams = false;  // reading a piece again takes no memory: a .npy file in C order
};

// Throws BadFile for what cannot be read.
MatrixRows open_rows(const std::filesystem::path& file);

std::vector<std::string> precision_names();  // OperatorOptions::precision may be these

// Says in `storage` what it chose. Throws std::invalid_argument on a shape, numbers or options that do not go together.
std::unique_ptr<Operator> dense_from(const MatrixRows& rows, const OperatorOptions& options, const MatrixUse& use,
                                     std::string& storage);

}  // namespace gossan
