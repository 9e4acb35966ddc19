#include "gossan/objectives.hpp"
#include "objectives/checks.hpp"

namespace gossan {
namespace {

// With residuals r_e = <A_e, X> + g_e^2 - h_e^2 - y_e and w_e = loss'(r_e) / n, the gradients of g and h are 2 w g and -2 w h.
class DoubleOverParameterisedFit final : public Objective, public AdjointNorm {
 public:
  DoubleOverParameterisedFit(const Operator& A, Model& model, const Loss& loss, std::span<const double> y,
                             const std::vector<bool>& fitted, Index count)
      : A_(A),
        model_(model),
        loss_(loss),
        y_(y.begin(), y.end()),
        fitted_(fitted),
        count_(static_cast<double>(count)),
        blocks_(model.layout().size()),
        r_(y.size(), 0.0),
        w_(r_) {}

  Layout layout() const override {
    Layout layout = model_.layout();
    layout.push_back({"g", A_.measurements(), 1});
    layout.push_back({"h", A_.measurements(), 1});
    return layout;
  }

  double evaluate(const Params& theta, Params* grad, Index /*k*/) override {
    const Matrix &g = theta[blocks_].value, &h = theta[blocks_ + 1].value;
    const Factors at = model_.factors(theta);
    predict(A_, at.L, at.R, r_);
    for (std::size_t e = 0; e < r_.size(); ++e) {
      const auto i = static_cast<Index>(e);
      r_[e] = fitted_[e] ? r_[e] + g(i) * g(i) - h(i) * h(i) - y_[e] : 0.0;
    }
    const double f = loss_.value(std::span<const double>(r_), std::span<double>(r_)) / count_;
    if (grad == nullptr) return f;
    Eigen::Map<Vector> w(w_.data(), A_.measurements());
    w = Eigen::Map<const Vector>(r_.data(), A_.measurements()) / count_;
    adjoint_times(A_, w_, at.L, at.R, GL_, GR_);
    model_.pullback(theta, GL_, GR_, *grad);
    (*grad)[blocks_].value = 2 * w.cwiseProduct(g.col(0));
    (*grad)[blocks_ + 1].value = -2 * w.cwiseProduct(h.col(0));
    return f;
  }

  double adjoint_norm() override { return operator_norm(A_, w_); }

 private:
  const Operator& A_;
  Model& model_;
  const Loss& loss_;
  std::vector<double> y_;
  std::vector<bool> fitted_;
  double count_;
  std::size_t blocks_;     // of the model; g and h follow
  std::vector<double> r_;  // residuals, then weights of the loss
  std::vector<double> w_;  // weights / n behind the latest gradient
  Matrix GL_, GR_;
};

}  // namespace

std::unique_ptr<Objective> double_over_parameterised_fit(const Operator& A, Model& model, const Loss& loss,
                                                         std::span<const double> y, const std::vector<bool>& fitted) {
  const Index count = check_fit(A, model, y, fitted, "double_over_parameterised_fit");
  return std::make_unique<DoubleOverParameterisedFit>(A, model, loss, y, fitted, count);
}

}  // namespace gossan
