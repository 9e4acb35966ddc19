// lambda times the sum of the lengths of rows, whose prox shortens each by the same length, at most to 0 (Yuan & Lin 2006).
#include "gossan/penalties.hpp"

namespace gossan {
namespace {

class Group final : public Penalty {
 public:
  explicit Group(double weight) : weight_(weight) {}

  double value(const Matrix& X) const override { return weight_ * X.rowwise().norm().sum(); }

  void prox(Matrix& X, double step) const override {
    const double cut = step * weight_;
    for (Index i = 0; i < X.rows(); ++i) {
      const double length = X.row(i).norm();
      X.row(i) *= length <= cut ? 0.0 : 1 - cut / length;
    }
  }

 private:
  double weight_;
};

}  // namespace

std::unique_ptr<Penalty> group_penalty(PenaltyOptions options) {
  check(options.fields(), "group");
  return std::make_unique<Group>(options.weight);
}

}  // namespace gossan
