// Stochastic (sub)gradients: f = (1/n) sum over R batches b of F_b, of which a step sees R F_b / n, the whole on the average.
#include <algorithm>

#include "gossan/random.hpp"
#include "objectives/slices.hpp"

namespace gossan {
namespace {

class Minibatch final : public Objective, public AdjointNorm, public Stochastic {
 public:
  Minibatch(SlicedFit batches, const MinibatchOptions& options)
      : batches_(std::move(batches)), seed_(options.seed), reshuffled_(options.order == "reshuffled") {}

  Layout layout() const override { return batches_.model().layout(); }

  double evaluate(const Params& theta, Params* grad, Index k) override {
    const Index drawn = batch_of(k);
    if (drawn != at_) {
      at_ = -1;  // where the batch cannot be read
      now_ = batches_.run(drawn);
      at_ = drawn;
      if (now_.fit != nullptr && norm_expected_) dynamic_cast<AdjointNorm&>(*now_.fit).expect_adjoint_norm();
    }
    if (now_.fit == nullptr) {  // all held out
      if (grad != nullptr) *grad = zeros(layout());
      return 0;
    }
    const double f = now_.fit->evaluate(theta, grad, k);
    if (grad != nullptr) {
      for (Block& block : *grad) block.value *= share();
    }
    return share() * f;
  }

  double adjoint_norm() override {
    return now_.fit == nullptr ? 0 : share() * dynamic_cast<AdjointNorm&>(*now_.fit).adjoint_norm();
  }

  void expect_adjoint_norm() override { norm_expected_ = true; }

 private:
  // R F_b / n over F_b / n_b.
  double share() const {
    return static_cast<double>(batches_.runs()) * static_cast<double>(now_.count) / static_cast<double>(batches_.fitted());
  }

  Index batch_of(Index k) {
    const Index runs = batches_.runs();
    if (!reshuffled_) return Random(seed_, with_replacement).below(k, runs);
    if (const Index epoch = k / runs; epoch != epoch_) {
      epoch_ = epoch;
      order_ = permutation(runs, Random(seed_, first_epoch + static_cast<std::uint64_t>(epoch)));
    }
    return order_[static_cast<std::size_t>(k % runs)];
  }

  // Streams of random numbers, apart from those of starts and hold-outs.
  static constexpr std::uint64_t with_replacement = 0x62617463680000, first_epoch = with_replacement + 1;

  SlicedFit batches_;
  std::uint64_t seed_;
  bool reshuffled_, norm_expected_ = false;
  Index epoch_ = -1, at_ = -1;
  std::vector<Index> order_;  // of the batches in this epoch
  SlicedFit::Run now_;
};

}  // namespace

Fields MinibatchOptions::fields() {
  return {{.name = "size", .value = &size, .help = "measurements a step", .least = 1},
          {.name = "order",
           .value = &order,
           .help = "reshuffled: every batch once an epoch, in a random order; replacement: any batch at any step",
           .choices = {"reshuffled", "replacement"}},
          seed_field(&seed)};
}

std::unique_ptr<Objective> minibatch(const Operator& A, Model& model, const Loss& loss, std::span<const double> y,
                                     const std::vector<bool>& fitted, MinibatchOptions options) {
  check(options.fields(), "minibatch");
  const Index size = std::min(options.size, A.measurements());
  return std::make_unique<Minibatch>(SlicedFit(A, model, loss, y, fitted, size, "minibatch"), options);
}

}  // namespace gossan
