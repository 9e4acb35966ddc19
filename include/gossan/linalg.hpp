// Parallel loops over a fixed partition, medians, decompositions of dense matrices, and eigenpairs and singular values of
// matrices known by their products or factors.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "gossan/function_ref.hpp"
#include "gossan/matrix.hpp"

namespace gossan {

// --- threads -------------------------------------------------------------------------------------------------------------
int threads();                // in use by parallel loops
void set_threads(int count);  // 0: all cores; throws std::invalid_argument below 0 or above 1024

// Calls body(block, first, last) for every block of `size` consecutive indices of [0, n), the last one shorter. The partition
// depends on n and size alone, never on the number of threads: a body that writes only what belongs to its block gives the
// same bits on any number of threads. Bodies run concurrently and must not throw: that ends the program. A loop inside a body
// runs on that body's thread.
void parallel_blocks(Index n, Index size, function_ref<void(Index block, Index first, Index last)> body);
inline Index block_count(Index n, Index size) { return (n + size - 1) / size; }

// Sum of part(first, last) over the blocks, added in block order: the same bits on any number of threads.
double ordered_sum(Index n, Index size, function_ref<double(Index first, Index last)> part);

// --- vector instructions -------------------------------------------------------------------------------------------------
// Kernels are compiled for several instruction sets and choose when they run. Results are the same bits on any number of
// threads, not on any instruction set: sums are grouped by the width of its vectors.
std::vector<std::string> simd_levels();  // that this machine can run and none better has been ruled out, best first
std::string simd_level();                // in use: the best, or what the environment variable GOSSAN_SIMD names
// For tests and benchmarks, while nothing else runs. Throws std::invalid_argument on a name that is not of this machine.
void set_simd_level(std::string_view level);

// --- numbers -------------------------------------------------------------------------------------------------------------
inline constexpr double normal_median = 0.6744897501960817;  // of |N(0, 1)|
double median(std::vector<double> values);                   // NaN counts as endlessly large; 0 of none

// --- decompositions of dense matrices ------------------------------------------------------------------------------------
// They throw std::runtime_error where an iteration does not converge, as it does not for numbers that are not finite.
struct Qr {
  Matrix Q;  // rows x k, orthonormal columns, k = min(rows, cols)
  Matrix R;  // k x cols, zero below its diagonal
};
Qr qr(const Matrix& A);
Matrix orthonormal(const Matrix& A);  // Q of qr(A)

struct Svd {
  Matrix U;  // rows x k, the largest entry of each column positive
  Vector s;  // k, descending
  Matrix V;  // cols x k
};
Svd svd(const Matrix& M);  // k = min(rows, cols); throws std::invalid_argument where an entry is not finite

struct Eigenpairs {
  Vector values;   // descending, or as asked
  Matrix vectors;  // size x k, orthonormal columns, each with its largest entry positive
};
// All of a symmetric matrix, of which the lower triangle is read.
Eigenpairs eigenpairs(const Matrix& S);
Vector eigenvalues(const Matrix& S);

// --- spectra of matrices known by their products -------------------------------------------------------------------------
using Product = function_ref<void(const Vector& x, Vector& y)>;  // y = M x; y comes sized

enum class Which { largest, smallest };  // algebraically
// k eigenpairs of a symmetric matrix of order `size` (1 <= k <= size), by implicitly restarted Lanczos (Spectra); small or
// nearly full problems are formed and solved densely. Throws std::invalid_argument on k out of range and std::runtime_error
// when Lanczos does not converge. A product that is not finite is an invalid_argument as well.
Eigenpairs eigenpairs(Index size, Product multiply, Index k, Which which = Which::largest);

// The k largest singular triplets of a rows x cols matrix, from eigenpairs of the smaller Gram matrix or, where that is small, a
// dense SVD. multiply: y = M x; transposed: y = M^T x.
Svd truncated_svd(Index rows, Index cols, Product multiply, Product transposed, Index k);
// Of L R^T, from the triangles of its factors: as many as it can have, min(rows, cols, columns of the factors). Throws
// std::invalid_argument where these are not finite, or their product is not.
Svd product_svd(const Matrix& L, const Matrix& R);
Matrix beside(const Matrix& left, const Matrix& right);  // [left, right]
double spectral_norm(const Matrix& M);  // largest singular value; 0 for an empty matrix, NaN where an entry is not finite

}  // namespace gossan
