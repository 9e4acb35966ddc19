// lambda times the sum of singular values, whose prox is soft thresholding of these (Cai, Candes & Shen 2010). An SVD each.
#include <limits>

#include "gossan/linalg.hpp"
#include "gossan/penalties.hpp"

namespace gossan {
namespace {

class Nuclear final : public Penalty {
 public:
  explicit Nuclear(double weight) : weight_(weight) {}

  double value(const Matrix& X) const override {
    return X.allFinite() ? weight_ * svd(X).s.sum() : std::numeric_limits<double>::quiet_NaN();
  }

  void prox(Matrix& X, double step) const override {
    if (!X.allFinite()) return;  // the run will say so
    const Svd parts = svd(X);
    const Vector kept = (parts.s.array() - step * weight_).max(0.0);
    X.noalias() = parts.U * kept.asDiagonal() * parts.V.transpose();
  }

 private:
  double weight_;
};

}  // namespace

std::unique_ptr<Penalty> nuclear_penalty(PenaltyOptions options) {
  check(options.fields(), "nuclear");
  return std::make_unique<Nuclear>(options.weight);
}

}  // namespace gossan
