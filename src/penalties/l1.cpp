// lambda sum |X_ij|, whose prox is soft thresholding of every entry (Donoho 1995).
#include <cmath>

#include "gossan/penalties.hpp"

namespace gossan {
namespace {

class L1 final : public Penalty {
 public:
  explicit L1(double weight) : weight_(weight) {}

  double value(const Matrix& X) const override { return weight_ * X.cwiseAbs().sum(); }

  void prox(Matrix& X, double step) const override {
    const double cut = step * weight_;
    X = X.unaryExpr([cut](double x) { return std::abs(x) <= cut ? 0.0 : x - std::copysign(cut, x); });
  }

 private:
  double weight_;
};

}  // namespace

std::unique_ptr<Penalty> l1_penalty(PenaltyOptions options) {
  check(options.fields(), "l1");
  return std::make_unique<L1>(options.weight);
}

}  // namespace gossan
