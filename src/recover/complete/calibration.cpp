#include "recover/complete/calibration.hpp"

#include <algorithm>
#include <cmath>

#include "gossan/linalg.hpp"
#include "recover/complete/normal.hpp"

namespace gossan::completing {
namespace {

constexpr double score_reach = 6;
constexpr Index score_bins = 240;

// Bounds of the parameters: a scale may change sevenfold, gaps e^6-fold; a share falls to some ten-thousandths.
void hold_in_bounds(Vector& p) {
  const Index n = p.size();
  p(0) = std::clamp(p(0), -2.0, 2.0);
  for (Index k = 1; k < n - 2; ++k) p(k) = std::clamp(p(k), -6.0, 6.0);
  for (Index k = n - 2; k < n; ++k) p(k) = std::clamp(p(k), -8.0, 1.0);
}

// Quasi-Newton steps (BFGS) with halved step lengths until the objective falls (Nocedal & Wright, algorithm 6.1).
class QuasiNewton final : public Iteration {
 public:
  QuasiNewton(const Scores& scores, Vector p) : scores_(scores), p_(std::move(p)), g_(p_.size()) {
    f_ = scale_misfit(scores_, p_, &g_);
    H_ = Matrix::Identity(p_.size(), p_.size());
  }
  Iterate step() override {
    Vector d = -(H_ * g_);
    if (d.dot(g_) >= 0) {
      H_.setIdentity();
      d = -g_;
    }
    const double before = f_, longest = d.cwiseAbs().maxCoeff();
    double length = longest > 1 ? 1 / longest : 1;
    Vector next, gradient(p_.size());
    double value = f_;
    constexpr int halvings = 30;
    bool fell = false;
    for (int k = 0; k < halvings && !fell; ++k, length /= 2) {
      next = p_ + length * d;
      hold_in_bounds(next);
      value = scale_misfit(scores_, next, &gradient);
      fell = value < f_ - 1e-4 * g_.dot(p_ - next) * (g_.dot(p_ - next) > 0 ? 1 : 0);
    }
    ++k_;
    if (!fell) return {.k = k_, .f = f_, .gradient_norm = 0, .step = 0, .change = 0};
    const Vector s = next - p_, y = gradient - g_;
    const double sy = s.dot(y);
    if (sy > 1e-12) {
      const Vector Hy = H_ * y;
      H_ += (1 + y.dot(Hy) / sy) / sy * s * s.transpose() - (Hy * s.transpose() + s * Hy.transpose()) / sy;
    }
    p_ = next, g_ = gradient, f_ = value;
    return {.k = k_, .f = f_, .gradient_norm = g_.norm(), .step = length, .change = (before - f_) / std::abs(f_)};
  }
  Params state() const override { return {{"p", p_}}; }
  void restore(const Params& state) override {
    p_ = state[0].value;
    f_ = scale_misfit(scores_, p_, &g_);
    H_.setIdentity();
  }
  const Vector& parameters() const { return p_; }
  double misfit() const { return f_; }

 private:
  const Scores& scores_;
  Vector p_, g_;
  Matrix H_;
  double f_ = 0;
  Index k_ = 0;
};

}  // namespace

Scores tabulate_scores(std::span<const double> score, std::span<const std::uint8_t> level, Index levels) {
  const auto n = static_cast<Index>(score.size());
  constexpr Index block = Index{1} << 16;
  const Index width = levels + 1;
  std::vector<Matrix> parts(static_cast<std::size_t>(block_count(n, block)));
  parallel_blocks(n, block, [&](Index b, Index first, Index last) {
    Matrix& part = parts[static_cast<std::size_t>(b)];
    part = Matrix::Zero(score_bins, width);
    for (Index e = first; e < last; ++e) {
      const auto at = static_cast<std::size_t>(e);
      if (std::isnan(score[at])) continue;  // of a fit that has left the finite numbers
      const double x = std::clamp(score[at], -score_reach, score_reach);
      const Index bin = std::min(static_cast<Index>((x + score_reach) * (score_bins / (2 * score_reach))), score_bins - 1);
      part(bin, level[at]) += 1;
      part(bin, levels) += x;
    }
  });
  Matrix sum = Matrix::Zero(score_bins, width);
  for (const Matrix& part : parts) sum += part;
  std::vector<Index> used;
  for (Index b = 0; b < score_bins; ++b) {
    if (sum.row(b).head(levels).sum() > 0) used.push_back(b);
  }
  Scores scores{sum(used, Eigen::all).leftCols(levels), sum(used, Eigen::all).col(levels)};
  scores.score = scores.score.cwiseQuotient(scores.counts.rowwise().sum());
  return scores;
}

Vector parameters_of(const Scale& scale) {
  const Index gaps = scale.levels() - 2;
  Vector p(gaps + 4);
  p(0) = std::log(scale.a);
  p(1) = scale.thresholds.front();
  for (Index k = 0; k < gaps; ++k)
    p(2 + k) = std::log(
        std::max(scale.thresholds[static_cast<std::size_t>(k) + 1] - scale.thresholds[static_cast<std::size_t>(k)], 0.05));
  p(gaps + 2) = std::log(scale.random / scale.honest());
  p(gaps + 3) = std::log(scale.reversed / scale.honest());
  hold_in_bounds(p);
  return p;
}

Scale scale_of(const Vector& p) {
  const Index gaps = p.size() - 4;
  Scale scale{.a = std::exp(p(0)), .thresholds = {p(1)}};
  for (Index k = 0; k < gaps; ++k) scale.thresholds.push_back(scale.thresholds.back() + std::exp(p(2 + k)));
  const double random = std::exp(p(gaps + 2)), reversed = std::exp(p(gaps + 3)), sum = 1 + random + reversed;
  scale.random = random / sum;
  scale.reversed = reversed / sum;
  return scale;
}

double scale_misfit(const Scores& scores, const Vector& p, Vector* gradient) {
  const Scale scale = scale_of(p);
  const Index L = scale.levels(), bins = scores.score.size(), T = L - 1;
  const double q0 = scale.honest(), q1 = scale.random, q2 = scale.reversed;
  Vector by_threshold = Vector::Zero(T), P(L), density(T);
  double f = 0, by_a = 0, by_q0 = 0, by_q1 = 0, by_q2 = 0;
  for (Index b = 0; b < bins; ++b) {
    const double x = scores.score(b), ax = scale.a * x;
    double before = 0;
    for (Index k = 0; k < T; ++k) {
      const Normal at = normal_at(scale.thresholds[static_cast<std::size_t>(k)] - ax);
      P(k) = at.cumulative - before;
      before = at.cumulative;
      density(k) = at.density;
    }
    P(T) = 1 - before;
    for (Index k = 0; k < L; ++k) {
      const double count = scores.counts(b, k);
      if (count == 0) continue;
      const double total = std::max(q0 * P(k) + q1 / static_cast<double>(L) + q2 * P(T - k), 1e-12);
      f -= count * std::log(total);
      const double g = -count / total;
      by_q0 += g * P(k), by_q1 += g / static_cast<double>(L), by_q2 += g * P(T - k);
      // dP_k / dt_k = phi(t_k - a x), dP_k / dt_{k-1} = -phi(t_{k-1} - a x); by a the same times -x.
      const auto add = [&](Index cell, double by) {
        if (cell < T) by_threshold(cell) += by * density(cell), by_a -= by * density(cell) * x;
        if (cell > 0) by_threshold(cell - 1) -= by * density(cell - 1), by_a += by * density(cell - 1) * x;
      };
      add(k, g * q0);
      add(T - k, g * q2);
    }
  }
  const double n = scores.counts.sum();
  if (gradient != nullptr) {
    Vector& out = *gradient;
    out.resize(p.size());
    out(0) = by_a * scale.a;
    out(1) = by_threshold.sum();
    double later = 0;  // a gap moves all the thresholds behind it
    for (Index k = T - 1; k >= 1; --k) {
      later += by_threshold(k);
      out(1 + k) = later * std::exp(p(1 + k));
    }
    const double mean = q0 * by_q0 + q1 * by_q1 + q2 * by_q2;
    out(T + 1) = q1 * (by_q1 - mean);
    out(T + 2) = q2 * (by_q2 - mean);
    out /= n;
  }
  return f / n;
}

Scale calibrate(const Scores& scores, const Scale& start) {
  Scale best = start;
  double least = std::numeric_limits<double>::infinity();
  for (const auto& [random, reversed] : {std::pair(0.02, 0.02), std::pair(0.2, 0.02), std::pair(0.02, 0.2)}) {
    Scale from = start;
    from.random = random, from.reversed = reversed;
    QuasiNewton descent(scores, parameters_of(from));
    run(descent, {.max_iterations = 80, .change = 1e-8});
    if (descent.misfit() < least - 1e-7) {
      least = descent.misfit();
      best = scale_of(descent.parameters());
    }
  }
  return best;
}

}  // namespace gossan::completing
