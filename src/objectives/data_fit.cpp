#include <algorithm>
#include <cmath>
#include <limits>

#include "gossan/linalg.hpp"
#include "gossan/objectives.hpp"
#include "linalg/kernels/product.hpp"
#include "objectives/checks.hpp"
#include "objectives/tangent.hpp"

namespace gossan {
namespace {

class DataFit : public Objective, public AdjointNorm, public Roughness {
 public:
  DataFit(const Operator& A, Model& model, const Loss& loss, std::span<const double> y, const std::vector<bool>& fitted,
          Index count)
      : A_(A),
        model_(model),
        loss_(loss),
        y_(to_sweep_order(A, fitted_part(y, fitted))),
        scale_(1.0 / static_cast<double>(count)),
        whole_(dynamic_cast<const WholeAdjoint*>(&A)),
        partial_(static_cast<std::size_t>(block_count(A.measurements(), Operator::granule)), unused) {
    if (whole_ != nullptr) S_ = Matrix::Zero(A.rows(), A.cols());
  }

  Layout layout() const override { return model_.layout(); }

  double evaluate(const Params& theta, Params* grad, Index /*k*/) override {
    const Factors at = model_.factors(theta);
    std::vector<std::size_t>& blocks = blocks_[rough_ ? 1 : 0][grad != nullptr ? 1 : 0];
    if (blocks.empty()) std::fill(partial_.begin(), partial_.end(), unused);
    keep_weights_ = grad != nullptr && !weights_.empty();
    if (grad == nullptr) {
      judged([&](const Judge& judge) { A_.sweep(at.L, at.R, judge, nullptr, nullptr); });
    } else if (whole_ != nullptr) {
      judged([&](const Judge& judge) { whole_->sweep_whole(at.L, at.R, judge, S_); });
      multiply_factors(at);
      model_.pullback(theta, GL_, GR_, *grad);
    } else {
      L_ = at.L;
      R_ = at.R;
      judged([&](const Judge& judge) { A_.sweep(at.L, at.R, judge, &GL_, &GR_); });
      model_.pullback(theta, GL_, GR_, *grad);
    }
    return sum_over(blocks) * scale_;
  }

  double adjoint_norm() override {
    if (whole_ != nullptr) return spectral_norm(S_);
    if (L_.size() == 0) return 0;  // no gradient yet
    if (weights_.empty()) recall_weights();
    return operator_norm(A_, to_caller_order(A_, weights_));
  }
  void expect_adjoint_norm() override {
    if (whole_ == nullptr) weights_.resize(y_.size());
  }
  void allow_rough(bool rough) override { rough_ = rough; }

 protected:
  const Operator& A_;
  Model& model_;
  const Loss& loss_;
  std::vector<double> y_;  // in the order of the sweeps; NaN: held out
  double scale_;

 private:
  // GL = S R, GR = S^T L, by kernels for thin factors: on small problems a general product would take longer than the sweep.
  void multiply_factors(const Factors& at) {
    const Index rows = S_.rows(), cols = S_.cols(), r = at.L.cols();
    GL_.resize(rows, r);
    GR_.resize(cols, r);
    multiply(rows, r, cols, {S_.data(), cols, 1}, at.R.data(), r, GL_.data(), r, false);
    multiply(cols, r, rows, {S_.data(), 1, cols}, at.L.data(), r, GR_.data(), r, false);
  }

  static constexpr double unused = -std::numeric_limits<double>::infinity();

  template <class Body>
  void judged(const Body& body) {
    const auto exact = [this](Index first, std::span<double> z) { this->judge(first, z); };
    const auto single = [this](Index first, std::span<float> z) { this->judge(first, z); };
    body(rough_ ? Judge(exact, single) : Judge(exact));
  }

  // Weights are kept, by gradients from now on, only for those who ask: n numbers are as much as all that a sweep reads.
  void recall_weights() {
    weights_.resize(y_.size());
    keep_weights_ = true;
    judged([&](const Judge& judge) { A_.sweep(L_, R_, judge, nullptr, nullptr); });
  }

  // The slots that sweeps of this kind use are looked for once. Added in the order of the blocks, whichever thread judged them.
  double sum_over(std::vector<std::size_t>& blocks) const {
    if (blocks.empty()) {
      for (std::size_t slot = 0; slot < partial_.size(); ++slot) {
        if (partial_[slot] != unused) blocks.push_back(slot);
      }
    }
    double sum = 0;
    for (const std::size_t slot : blocks) sum += partial_[slot];
    return sum;
  }

  // Predictions become weights / n; the loss of each block goes to the slot of its first measurement.
  template <class Real>
  void judge(Index first, std::span<Real> z) {
    const auto offset = static_cast<std::size_t>(first);
    partial_[offset / Operator::granule] = loss_.judge(z, std::span<const double>(y_).subspan(offset, z.size()), scale_);
    if (keep_weights_) std::copy(z.begin(), z.end(), weights_.begin() + first);
  }

  const WholeAdjoint* whole_;
  std::vector<double> partial_;            // the loss of each block
  std::vector<std::size_t> blocks_[2][2];  // their places there: [rough][with gradient]
  std::vector<double> weights_;            // behind the latest gradient; empty until asked for
  bool keep_weights_ = false;
  bool rough_ = false;
  Matrix S_, GL_, GR_;
  Matrix L_, R_;  // behind the latest gradient, where S_ is not
};

// With the talent of losses that have a second derivative, for factors that are linear in theta.
class CurvedDataFit final : public DataFit, public Curvature {
 public:
  CurvedDataFit(const Operator& A, Model& model, const Loss& loss, const Smooth& smooth, std::span<const double> y,
                const std::vector<bool>& fitted, Index count)
      : DataFit(A, model, loss, y, fitted, count), smooth_(smooth) {}

  void hessian_times(const Params& theta, const Params& D, Params& out) override {
    Tangent tangent(A_, model_, theta);
    Vector weights = tangent.predictions(), curvatures(weights.size());
    for (Index e = 0; e < weights.size(); ++e) {
      const double y = y_[static_cast<std::size_t>(e)], r = std::isnan(y) ? 0 : weights(e) - y;
      curvatures(e) = std::isnan(y) ? 0 : smooth_.curvature(r);
      weights(e) = r;
    }
    const auto n = static_cast<std::size_t>(weights.size());
    loss_.value(std::span<const double>(weights.data(), n), {weights.data(), n});
    gossan::hessian_times(tangent, weights, curvatures, D, out);
    for (Block& block : out) block.value *= scale_ * static_cast<double>(n);  // a tangent's mean is over all measurements
  }

 private:
  const Smooth& smooth_;
};

}  // namespace

std::unique_ptr<Objective> data_fit(const Operator& A, Model& model, const Loss& loss, std::span<const double> y) {
  return data_fit(A, model, loss, y, std::vector<bool>(static_cast<std::size_t>(A.measurements()), true));
}

std::unique_ptr<Objective> data_fit(const Operator& A, Model& model, const Loss& loss, std::span<const double> y,
                                    const std::vector<bool>& fitted) {
  const Index count = check_fit(A, model, y, fitted, "data_fit");
  const auto* smooth = dynamic_cast<const Smooth*>(&loss);
  if (smooth != nullptr && dynamic_cast<const LinearFactors*>(&model) != nullptr)
    return std::make_unique<CurvedDataFit>(A, model, loss, *smooth, y, fitted, count);
  return std::make_unique<DataFit>(A, model, loss, y, fitted, count);
}

}  // namespace gossan
