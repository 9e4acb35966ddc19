// Conjugate gradients on points x dimension unknowns held as a matrix.
#pragma once

#include "gossan/matrix.hpp"

namespace gossan::locating {

// Workspace of a solve, kept between solves of the same shape.
struct ConjugateGradients {
  Matrix residual, preconditioned, direction, product;

  // X approximates the solution of apply(X) = rhs for a symmetric positive (semi)definite apply, starting from X; stops after
  // `most` products or at a residual of `tolerance` times |rhs|. apply(P, out), precondition(R, out). Returns the products.
  template <class Apply, class Precondition>
  Index solve(const Matrix& rhs, Matrix& X, Index most, double tolerance, Apply&& apply, Precondition&& precondition) {
    product.resize(rhs.rows(), rhs.cols());
    preconditioned.resize(rhs.rows(), rhs.cols());
    residual = rhs;
    Index products = 0;
    if (!X.isZero(0)) {
      apply(X, product);
      residual -= product;
      ++products;
    }
    const double goal = tolerance * rhs.norm();
    if (!(residual.norm() > goal)) return products;
    precondition(residual, preconditioned);
    direction = preconditioned;
    double rz = residual.cwiseProduct(preconditioned).sum();
    for (; products < most; ++products) {
      apply(direction, product);
      const double curvature = direction.cwiseProduct(product).sum();
      if (!(curvature > 0)) break;
      const double length = rz / curvature;
      X += length * direction;
      residual -= length * product;
      if (residual.norm() <= goal) break;
      precondition(residual, preconditioned);
      const double next = residual.cwiseProduct(preconditioned).sum();
      direction = preconditioned + (next / rz) * direction;
      rz = next;
    }
    return products;
  }
};

}  // namespace gossan::locating
