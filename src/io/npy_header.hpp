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
  std::size_t start = 0;            // byte of the file where the numbers begin
  std::span<const std::byte> data;  // exactly the numbers, where the whole file is at hand
};

NpyHeader parse_npy_header(std::span<const std::byte> bytes, const std::filesystem::path& name);
// From the first bytes of a file of `file_size` bytes, of which the header is a part; without the data.
NpyHeader parse_npy_start(std::span<const std::byte> bytes, std::size_t file_size, const std::filesystem::path& name);

std::string shape_text(std::span<const Index> shape);  // as Python writes it: (), (3,), (3, 4)

}  // namespace gossan
