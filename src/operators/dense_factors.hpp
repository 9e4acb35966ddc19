// Between the factors L, R and the numbers that a dense operator multiplies its rows with.
#pragma once

#include "linalg/aligned.hpp"
#include "operators/dense_storage.hpp"

namespace gossan {

// Factors laid out for vector instructions.
struct FactorSpace {
  AlignedArray<double> coefficients, rows;
  Matrix transposed;
};

// M with <A, L R^T> = sum_k M[k] packed(A)[k] for the stored numbers of every A: X itself, or for triangles X_ii and X_ij + X_ji.
void multiplier_of(const Matrix& L, const Matrix& R, const RowShape& shape, FactorSpace& space, double* M);
// The matrix of a sum of stored rows.
void unpack(const double* sum, const RowShape& shape, Matrix& S);
// GL = S R, GR = S^T L; S symmetric where the shape is.
void multiply_factors(const Matrix& S, const Matrix& L, const Matrix& R, const RowShape& shape, FactorSpace& space, Matrix& GL,
                      Matrix& GR);

}  // namespace gossan
