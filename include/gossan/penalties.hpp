// Penalties h on matrices: convex, with a proximal map in closed form.
#pragma once

#include <memory>
#include <vector>

#include "gossan/matrix.hpp"
#include "gossan/table.hpp"

namespace gossan {

class Penalty {
 public:
  virtual ~Penalty() = default;
  virtual double value(const Matrix& X) const = 0;  // h(X)
  // X = argmin over Z of |Z - X|_F^2 / 2 + step h(Z); step > 0.
  virtual void prox(Matrix& X, double step) const = 0;
};

struct PenaltyOptions {
  double weight = 1e-3;  // lambda > 0, in units of the objective over those of X
  Fields fields();
};
std::unique_ptr<Penalty> l1_penalty(PenaltyOptions options);       // lambda sum |X_ij|: sparse matrices
std::unique_ptr<Penalty> nuclear_penalty(PenaltyOptions options);  // lambda sum of singular values: low rank
std::unique_ptr<Penalty> group_penalty(PenaltyOptions options);    // lambda sum of the lengths of rows: few rows that are not 0

const std::vector<Row<std::unique_ptr<Penalty>>>& penalties();

}  // namespace gossan
