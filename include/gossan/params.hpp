// Parameters theta: a list of named matrix blocks, not one flat vector, because preconditioned and spectral methods need the
// matrices, and blocks may take steps of their own.
#pragma once

#include <string>
#include <vector>

#include "gossan/matrix.hpp"

namespace gossan {

struct Shape {
  std::string name;
  Index rows = 0;
  Index cols = 0;
  bool operator==(const Shape&) const = default;
};
using Layout = std::vector<Shape>;

struct Block {
  std::string name;
  Matrix value;
};
using Params = std::vector<Block>;

Params zeros(const Layout& layout);
Layout layout_of(const Params& theta);
double dot(const Params& a, const Params& b);                   // sum over blocks of <a_k, b_k>
double norm(const Params& a);                                   // Frobenius norm of all blocks together
void add_scaled(Params& theta, double scale, const Params& d);  // theta += scale d
bool all_finite(const Params& theta);

}  // namespace gossan
