// The header of a .npy file (NumPy enhancement proposal 1; format versions 1.0, 2.0 and 3.0), checked against the file's length.
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "io/numbers.hpp"

namespace gossan {

struct NpyHeader {
  std::string dtype;
  NumberType type;
  bool fortran_order = false;
  std::vector<Index> shape;
  std::span<const std::byte> data;  // exactly the numbers
};

NpyHeader parse_npy_header(std::span<const std::byte> bytes, const std::filesystem::path& name);

std::string shape_text(std::span<const Index> shape);  // as Python writes it: (), (3,), (3, 4)

}  // namespace gossan
