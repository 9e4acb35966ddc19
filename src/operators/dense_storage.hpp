// Measurement matrices on their way from the caller into the rows of a dense operator.
#pragma once

#include <memory>

#include "operators/dense_rows.hpp"

namespace gossan {

// How a matrix lies in its row: whole, row-major, or as the upper triangle of its symmetric part, row after row.
struct RowShape {
  Index rows, cols;
  bool symmetric;
  Index whole() const { return rows * cols; }
  Index numbers() const { return symmetric ? rows * (rows + 1) / 2 : rows * cols; }
};

// Throws std::invalid_argument, in the name of dense, unless n matrices of that shape exist and n of them can be counted.
void check_shape(Index n, const RowShape& shape);
// Reads and stores n matrices, in parallel.
std::unique_ptr<StoredRows> read_rows(const ReadRows& read, Index n, const RowShape& shape, Storage storage);
// Throws std::invalid_argument, naming entry and matrix, on the first number of A (n x rows cols) that is not finite.
void check_all_finite(std::span<const double> A, Index n, const RowShape& shape);

}  // namespace gossan
