// Models (parametrisations): theta -> the factors L, R of the matrix L R^T, and the pullback of a gradient on the factors.
#pragma once

#include <memory>
#include <vector>

#include "gossan/params.hpp"
#include "gossan/table.hpp"

namespace gossan {

struct Factors {
  const Matrix& L;  // rows x rank
  const Matrix& R;  // cols x rank; the same object as L where the model is symmetric
};

class Model {
 public:
  virtual ~Model() = default;
  virtual Layout layout() const = 0;
  // The factors at theta, whose first blocks are the model's: an objective may have blocks of its own after them. They stay valid
  // until theta changes or the next call.
  virtual Factors factors(const Params& theta) = 0;
  // grad = the adjoint of the derivative of theta -> (L, R), applied to (GL, GR). grad comes with the layout of theta; blocks
  // that are not the model's are left alone.
  virtual void pullback(const Params& theta, const Matrix& GL, const Matrix& GR, Params& grad) = 0;
};

// Optional talent: the factors are linear in theta, so that a derivative of theta -> (L, R) along D is factors(D).
class LinearFactors {
 public:
  virtual ~LinearFactors() = default;
};

struct ModelShape {
  Index rows = 0, cols = 0, rank = 0;  // rank: the search rank (number of columns of the factors)
};
std::unique_ptr<Model> symmetric_factor(ModelShape shape);  // X = U U^T, block U; throws unless rows == cols
std::unique_ptr<Model> factor_pair(ModelShape shape);       // X = L R^T, blocks L, R

std::unique_ptr<Model> full_matrix(ModelShape shape);  // X itself, block X; the search rank says nothing

struct DeepProductOptions {
  Index depth = 3;  // N >= 3; two factors are a factor_pair
  Fields fields();
};
// X = W_N ... W_1, blocks W_N (rows x rank), ..., W_1 (rank x cols); L = W_N, R = (W_{N-1} ... W_1)^T.
std::unique_ptr<Model> deep_product(DeepProductOptions options, ModelShape shape);

const std::vector<Row<std::unique_ptr<Model>, ModelShape>>& models();

}  // namespace gossan
