#include "operators/dense_factors.hpp"

#include <algorithm>

#include "gossan/linalg.hpp"
#include "linalg/kernels/combine.hpp"

namespace gossan {
namespace {

// Fewer multiplications than this are done sooner than a thread wakes up.
constexpr Index least_work = Index{1} << 15;

Index row_block(Index work_per_row) { return std::max<Index>(1, least_work / std::max<Index>(1, work_per_row)); }

constexpr Index padded_columns(Index n) { return (n + combine_slack - 1) / combine_slack * combine_slack; }

double* sized(AlignedArray<double>& space, Index rows, Index stride) {
  space.resize(rows * stride + combine_slack);
  std::fill_n(space.data(), space.size(), 0.0);
  return space.data();
}

void transpose_into(const Matrix& F, double scale, double* out, Index stride) {
  for (Index i = 0; i < F.rows(); ++i)
    for (Index k = 0; k < F.cols(); ++k) out[k * stride + i] = scale * F(i, k);
}

void whole_product(const Matrix& L, const Matrix& R, FactorSpace& space, double* M) {
  const Index cols = R.rows(), r = L.cols(), stride = padded_columns(cols);
  double* right = sized(space.rows, r, stride);
  transpose_into(R, 1, right, stride);
  parallel_blocks(L.rows(), row_block(r * cols), [&](Index, Index first, Index last) {
    for (Index i = first; i < last; ++i) combine(L.data() + i * r, r, right, stride, cols, M + i * cols);
  });
}

// X_ij + X_ji = L_i . R_j + R_i . L_j, which is 2 L_i . L_j where R is L; twice X_ii on the diagonal.
void triangle_of_product(const Matrix& L, const Matrix& R, FactorSpace& space, double* M) {
  const Index d = L.rows(), r = L.cols(), stride = padded_columns(d);
  const bool one_factor = &L == &R;
  const Index terms = one_factor ? r : 2 * r;
  const double* coefficients = L.data();
  double* rows = sized(space.rows, terms, stride);
  if (one_factor) {
    transpose_into(L, 2, rows, stride);
  } else {
    transpose_into(R, 1, rows, stride);
    transpose_into(L, 1, rows + r * stride, stride);
    space.coefficients.resize(d * terms);
    for (Index i = 0; i < d; ++i) {
      std::copy_n(L.data() + i * r, r, space.coefficients.data() + i * terms);
      std::copy_n(R.data() + i * r, r, space.coefficients.data() + i * terms + r);
    }
    coefficients = space.coefficients.data();
  }
  parallel_blocks(d, row_block(terms * d), [&](Index, Index first, Index last) {
    for (Index i = first; i < last; ++i) {
      double* out = M + i * d - i * (i - 1) / 2;
      combine(coefficients + i * terms, terms, rows + i, stride, d - i, out);
      out[0] *= 0.5;
    }
  });
}

// G = S F.
void times_factor(const Matrix& S, const Matrix& F, FactorSpace& space, Matrix& G) {
  const Index r = F.cols(), stride = padded_columns(r);
  double* rows = sized(space.rows, F.rows(), stride);
  for (Index i = 0; i < F.rows(); ++i) std::copy_n(F.data() + i * r, r, rows + i * stride);
  parallel_blocks(S.rows(), row_block(S.cols() * stride), [&](Index, Index first, Index last) {
    for (Index i = first; i < last; ++i) combine(S.data() + i * S.cols(), S.cols(), rows, stride, r, G.data() + i * r);
  });
}

}  // namespace

void multiplier_of(const Matrix& L, const Matrix& R, const RowShape& shape, FactorSpace& space, double* M) {
  if (shape.symmetric) {
    triangle_of_product(L, R, space, M);
  } else {
    whole_product(L, R, space, M);
  }
}

void unpack(const double* sum, const RowShape& shape, Matrix& S) {
  if (!shape.symmetric) {
    std::copy_n(sum, shape.whole(), S.data());
    return;
  }
  const Index d = shape.rows;
  for (Index i = 0; i < d; ++i) {
    const double* row = sum + i * d - i * (i - 1) / 2;
    std::copy_n(row, d - i, &S(i, i));
    for (Index j = i + 1; j < d; ++j) S(j, i) = row[j - i];
  }
}

void multiply_factors(const Matrix& S, const Matrix& L, const Matrix& R, const RowShape& shape, FactorSpace& space, Matrix& GL,
                      Matrix& GR) {
  times_factor(S, R, space, GL);
  if (shape.symmetric) {
    if (&L == &R) {
      GR = GL;
    } else {
      times_factor(S, L, space, GR);
    }
    return;
  }
  space.transposed.resize(shape.cols, shape.rows);
  space.transposed = S.transpose();
  times_factor(space.transposed, L, space, GR);
}

}  // namespace gossan
