#include "objectives/tangent.hpp"

#include <cmath>

#include "gossan/linalg.hpp"

namespace gossan {
namespace {

auto kept_in(Vector& z) {
  return [&z](Index first, std::span<double> block) {
    for (std::size_t e = 0; e < block.size(); ++e) z(first + static_cast<Index>(e)) = block[e];
  };
}

auto weights_from(const Vector& w) {
  return [&w](Index first, std::span<double> block) {
    for (std::size_t e = 0; e < block.size(); ++e) block[e] = w(first + static_cast<Index>(e));
  };
}

}  // namespace

Tangent::Tangent(const Operator& A, Model& model, const Params& theta)
    : A_(A), model_(model), theta_(theta), at_(model.factors(theta)) {}

Index Tangent::parameters() const {
  Index count = 0;
  for (const Shape& block : model_.layout()) count += block.rows * block.cols;
  return count;
}

Params Tangent::pulled_back(const Matrix& GL, const Matrix& GR) {
  Params g = zero();
  model_.pullback(theta_, GL, GR, g);
  for (Block& block : g) block.value /= static_cast<double>(measurements());
  return g;
}

Vector Tangent::predictions() const {
  Vector z(measurements());
  A_.sweep(L(), R(), kept_in(z), nullptr, nullptr);
  return z;
}

// X' = [dL L] [R dR]^T, so that one sweep predicts along D and gives A*(w) R and A*(w)^T L as parts of its gradients.
void Tangent::sweep(const Params& D, Judge judge, Params& g) {
  const Factors by = model_.factors(D);
  Matrix GL, GR;
  A_.sweep(beside(by.L, L()), beside(R(), by.R), judge, &GL, &GR);
  g = pulled_back(GL.leftCols(L().cols()), GR.rightCols(L().cols()));
}

Vector Tangent::derivative(const Params& D) {
  const Factors by = model_.factors(D);
  Vector z(measurements());
  A_.sweep(beside(by.L, L()), beside(R(), by.R), kept_in(z), nullptr, nullptr);
  return z;
}

Params Tangent::gradient(const Vector& w) {
  Matrix GL, GR;
  A_.sweep(L(), R(), weights_from(w), &GL, &GR);
  return pulled_back(GL, GR);
}

Vector Tangent::change(double gamma, const Params& D) {
  const Factors by = model_.factors(D);
  const Matrix dL = gamma * by.L, dR = gamma * by.R;
  Vector z(measurements());
  A_.sweep(beside(beside(dL, L()), dL), beside(beside(R(), dR), dR), kept_in(z), nullptr, nullptr);
  return z;
}

Vector Tangent::second_order(const Params& D) {
  const Factors by = model_.factors(D);
  Vector z(measurements());
  A_.sweep(by.L, by.R, kept_in(z), nullptr, nullptr);
  return z;
}

Params Tangent::gradient_change(const Vector& w, const Params& D) {
  const Factors by = model_.factors(D);
  Matrix GL, GR;
  A_.sweep(by.L, by.R, weights_from(w), &GL, &GR);
  return pulled_back(GL, GR);
}

double Tangent::product_norm(const Params& D) const {
  const Factors by = model_.factors(D);
  const Matrix left = beside(by.L, L()), right = beside(R(), by.R);
  const Matrix grams = (left.transpose() * left).cwiseProduct(right.transpose() * right);
  return std::sqrt(std::max(0.0, grams.sum()));
}

double Tangent::largest_singular_value() {
  Params D = zero(), g = zero();
  const auto gram = [&](const Vector& x, Vector& y) {
    unflatten(x, D);
    sweep(
        D, [](Index, std::span<double>) {}, g);  // the predictions are the weights
    y = flattened(g);
  };
  const double n = static_cast<double>(measurements());
  return std::sqrt(n * std::max(0.0, eigenpairs(parameters(), gram, 1).values(0)));
}

void hessian_times(Tangent& tangent, const Vector& weights, const Vector& curvatures, const Params& D, Params& out) {
  const auto judge = [&curvatures](Index first, std::span<double> z) {
    for (std::size_t e = 0; e < z.size(); ++e) z[e] *= curvatures(first + static_cast<Index>(e));
  };
  tangent.sweep(D, judge, out);
  add_scaled(out, 1, tangent.gradient_change(weights, D));
}

Vector flattened(const Params& D) {
  Index size = 0;
  for (const Block& block : D) size += block.value.size();
  Vector x(size);
  Index at = 0;
  for (const Block& block : D) {
    x.segment(at, block.value.size()) = Eigen::Map<const Vector>(block.value.data(), block.value.size());
    at += block.value.size();
  }
  return x;
}

void unflatten(const Vector& x, Params& D) {
  Index at = 0;
  for (Block& block : D) {
    Eigen::Map<Vector>(block.value.data(), block.value.size()) = x.segment(at, block.value.size());
    at += block.value.size();
  }
}

}  // namespace gossan
