// Products of row-major matrices of which one is thin: the few columns of factors. In double, on the calling thread; sums run in
// an order that depends on the sizes and the instruction set alone.
#pragma once

#include "gossan/matrix.hpp"

namespace gossan {

// Entry (i, p) at data[i row + p col]: a matrix or its transpose.
struct Strided {
  const double* data;
  Index row, col;
};

// C (m x n) = A B, or C += A B, for A (m x k), B (k x n); row p of B begins at B + p ldb, row i of C at C + i ldc. Runs along the
// rows of B and C, so n should be the long side; B is read once for every six rows of C. Where the caller reads
// k n numbers at `next` afterwards, they are fetched into the cache meanwhile.
void multiply(Index m, Index n, Index k, Strided A, const double* B, Index ldb, double* C, Index ldc, bool add,
              const double* next = nullptr);

// C (m x n) = A B^T for A (m x k), B (n x k). Runs along the rows of A and B, so k should be long; n should be the longer side
// of C.
void multiply_rows(Index m, Index n, Index k, const double* A, Index lda, const double* B, Index ldb, double* C, Index ldc);

}  // namespace gossan
