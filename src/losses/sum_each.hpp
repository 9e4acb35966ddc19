// The loop of every loss that judges each residual by itself.
#pragma once

#include <array>
#include <cassert>
#include <cstddef>
#include <span>
#include <utility>

#include "gossan/losses.hpp"

namespace gossan {

template <class Real>
struct Judged {
  Real value = 0;
  Real weight = 0;
};

// sum_e judge(r_e).value, weight_e = judge(r_e).weight; weight may be the memory of r. Eight running sums that are added at the
// end: compilers may turn them into vector instructions, and the result is a function of the residuals alone, not of where they
// lie in memory.
template <class Real, class JudgeOne>
double sum_each(std::span<const Real> r, std::span<Real> weight, const JudgeOne& judge) {
  assert(r.size() == weight.size());
  constexpr std::size_t lanes = 8;
  std::array<double, lanes> sum{};
  const auto judge_lanes = [&](std::size_t first, std::size_t count) {
    std::array<Judged<Real>, lanes> judged{};
    for (std::size_t lane = 0; lane < count; ++lane) judged[lane] = judge(r[first + lane]);
    for (std::size_t lane = 0; lane < count; ++lane) sum[lane] += static_cast<double>(judged[lane].value);
    for (std::size_t lane = 0; lane < count; ++lane) weight[first + lane] = judged[lane].weight;
  };
  const std::size_t whole = r.size() - r.size() % lanes;
  for (std::size_t first = 0; first < whole; first += lanes) judge_lanes(first, lanes);
  judge_lanes(whole, r.size() - whole);
  return ((sum[0] + sum[1]) + (sum[2] + sum[3])) + ((sum[4] + sum[5]) + (sum[6] + sum[7]));
}

// A loss from its judgement of one residual, in the residual's own precision: Judged<Real> judge(Real r).
template <class JudgeOne>
class EachLoss : public Loss {
 public:
  explicit EachLoss(JudgeOne judge) : judge_(std::move(judge)) {}
  double value(std::span<const double> r, std::span<double> weight) const override { return sum_each(r, weight, judge_); }
  double value(std::span<const float> r, std::span<float> weight) const override { return sum_each(r, weight, judge_); }

 private:
  JudgeOne judge_;
};

// The same with a kernel for whole blocks: double judge_block(z, y, scale), as Loss::judge.
template <class JudgeOne, class JudgeBlock>
class KernelLoss : public EachLoss<JudgeOne> {
 public:
  KernelLoss(JudgeOne judge_one, JudgeBlock judge_block)
      : EachLoss<JudgeOne>(std::move(judge_one)), judge_block_(std::move(judge_block)) {}
  double judge(std::span<double> z, std::span<const double> y, double scale) const override { return judge_block_(z, y, scale); }
  double judge(std::span<float> z, std::span<const double> y, double scale) const override { return judge_block_(z, y, scale); }

 private:
  JudgeBlock judge_block_;
};

template <class JudgeOne, class JudgeBlock>
std::unique_ptr<Loss> each_loss(JudgeOne judge_one, JudgeBlock judge_block) {
  return std::make_unique<KernelLoss<JudgeOne, JudgeBlock>>(std::move(judge_one), std::move(judge_block));
}

// A smooth one, with its second derivative: double curvature(double r).
template <class JudgeOne, class JudgeBlock, class Second>
class SmoothLoss final : public KernelLoss<JudgeOne, JudgeBlock>, public Smooth {
 public:
  SmoothLoss(JudgeOne judge_one, JudgeBlock judge_block, Second second)
      : KernelLoss<JudgeOne, JudgeBlock>(std::move(judge_one), std::move(judge_block)), second_(std::move(second)) {}
  double curvature(double r) const override { return second_(r); }

 private:
  Second second_;
};

template <class JudgeOne, class JudgeBlock, class Second>
std::unique_ptr<Loss> smooth_loss(JudgeOne judge_one, JudgeBlock judge_block, Second second) {
  return std::make_unique<SmoothLoss<JudgeOne, JudgeBlock, Second>>(std::move(judge_one), std::move(judge_block),
                                                                    std::move(second));
}

}  // namespace gossan
