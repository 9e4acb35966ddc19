// The kernels of thin products against the obvious loops, on every instruction set.
#include <gtest/gtest.h>

#include "gossan/linalg.hpp"
#include "gossan/random.hpp"
#include "linalg/kernels/columns.hpp"
#include "linalg/kernels/product.hpp"
#include "simd_guard.hpp"

namespace gossan {
namespace {

constexpr Index thin[] = {1, 2, 3, 4, 5, 6, 7, 13, 64};
constexpr Index lengths[] = {1, 2, 3, 7, 8, 17, 40, 64, 65, 200};
constexpr double untouched = 7.25;

struct Problem {
  Index m, n, k;
};

// All small sizes at once would take long: each thin size with every pair of lengths that differ by a step in the list.
template <class Check>
void for_all(Check check) {
  const SimdGuard guard;
  for (const std::string& level : simd_levels()) {
    set_simd_level(level);
    for (const Index m : thin)
      for (std::size_t a = 0; a < std::size(lengths); ++a)
        for (const std::size_t b : {a, (a + 3) % std::size(lengths), (a + 6) % std::size(lengths)}) {
          SCOPED_TRACE(testing::Message() << level << ": m = " << m << ", n = " << lengths[a] << ", k = " << lengths[b]);
          check(Problem{m, lengths[a], lengths[b]});
        }
  }
}

// What lies in the gaps between the rows of a matrix must neither be read nor written.
Matrix with_gaps(const Matrix& M, double gap) {
  Matrix wide = Matrix::Constant(M.rows(), M.cols() + 3, gap);
  wide.leftCols(M.cols()) = M;
  return wide;
}

const double nan = std::numeric_limits<double>::quiet_NaN();

TEST(Multiply, AgreesAtAwkwardSizes) {
  for_all([](const Problem& size) {
    const auto [m, n, k] = size;
    const Matrix A = normal_matrix(m, k, Random(1, 0)), B = normal_matrix(k, n, Random(1, 1)),
                 C = normal_matrix(m, n, Random(1, 2));
    const Matrix product = A.lazyProduct(B);
    const Matrix At = with_gaps(A.transpose(), nan), Ag = with_gaps(A, nan), Bg = with_gaps(B, nan);
    for (const bool add : {false, true})
      for (const bool transposed : {false, true}) {
        Matrix result = with_gaps(add ? C : Matrix::Constant(m, n, nan), untouched);
        const Strided a = transposed ? Strided{At.data(), 1, At.cols()} : Strided{Ag.data(), Ag.cols(), 1};
        multiply(m, n, k, a, Bg.data(), Bg.cols(), result.data(), result.cols(), add);
        const Matrix wanted = add ? Matrix(C + product) : product;
        ASSERT_LE((result.leftCols(n) - wanted).cwiseAbs().maxCoeff(), 1e-13 * static_cast<double>(k + 1));
        ASSERT_EQ(result.rightCols(3), Matrix::Constant(m, 3, untouched));
      }
  });
}

TEST(MultiplyRows, AgreesAtAwkwardSizes) {
  for_all([](const Problem& size) {
    const auto [m, n, k] = size;
    const Matrix A = normal_matrix(m, k, Random(2, 0)), B = normal_matrix(n, k, Random(2, 1));
    const Matrix Ag = with_gaps(A, nan), Bg = with_gaps(B, nan);
    Matrix result = with_gaps(Matrix::Constant(m, n, nan), untouched);
    multiply_rows(m, n, k, Ag.data(), Ag.cols(), Bg.data(), Bg.cols(), result.data(), result.cols());
    ASSERT_LE((result.leftCols(n) - A.lazyProduct(B.transpose())).cwiseAbs().maxCoeff(), 1e-13 * static_cast<double>(k + 1));
    ASSERT_EQ(result.rightCols(3), Matrix::Constant(m, 3, untouched));
  });
}

// Rows that end where the memory does: the address sanitizer sees a read beyond.
TEST(MultiplyRows, ReadsNothingBeyondTheData) {
  for_all([](const Problem& size) {
    const auto [m, n, k] = size;
    const Matrix A = normal_matrix(m, k, Random(3, 0)), B = normal_matrix(n, k, Random(3, 1));
    Matrix C(m, n), D(m, k);
    multiply_rows(m, n, k, A.data(), k, B.data(), k, C.data(), n);
    multiply(m, k, n, {C.data(), n, 1}, B.data(), k, D.data(), k, false);
    ASSERT_TRUE(D.allFinite());
  });
}

TEST(Columns, AreSummedAndScaled) {
  for_all([](const Problem& size) {
    const auto [m, n, gap] = size;
    const Matrix P = normal_matrix(m, n + gap, Random(4, 0)), Q = normal_matrix(m, n + gap, Random(4, 1));
    Vector z = Vector::Constant(n + 1, untouched);
    column_dots(m, n, P.data(), Q.data(), n + gap, z.data());
    ASSERT_LE((z.head(n).transpose() - P.cwiseProduct(Q).colwise().sum().head(n)).cwiseAbs().maxCoeff(), 1e-13 * double(m));
    ASSERT_EQ(z(n), untouched);
    Matrix scaled = P;
    scale_columns(m, n, z.data(), scaled.data(), n + gap);
    ASSERT_EQ(scaled.leftCols(n), P.leftCols(n) * z.head(n).asDiagonal());
    ASSERT_EQ(scaled.rightCols(gap), P.rightCols(gap));
  });
}

}  // namespace
}  // namespace gossan
