#include "recover/complete/student_t.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

namespace gossan::completing {
namespace {

// By its recurrence up to 6 and its asymptotic series: ten digits.
double digamma(double x) {
  double sum = 0;
  for (; x < 6; x += 1) sum -= 1 / x;
  const double t = 1 / (x * x);
  return sum + std::log(x) - 0.5 / x - t * (1.0 / 12 - t * (1.0 / 120 - t * (1.0 / 252 - t / 240)));
}

// The likelihood equation of nu, given the mean of log w - w, and the nearest of 60 values from 1 to 100 in equal ratios.
double likely_nu(double nu, double mean_log_less_weight) {
  double best = nu, least = std::numeric_limits<double>::infinity();
  const double own = digamma((nu + 1) / 2) - std::log((nu + 1) / 2);
  constexpr int values = 60;
  for (int k = 0; k < values; ++k) {
    const double g = std::pow(100.0, k / (values - 1.0));
    const double off = std::abs(std::log(g / 2) - digamma(g / 2) + 1 + mean_log_less_weight + own);
    if (off < least) least = off, best = g;
  }
  return best;
}

}  // namespace

StudentT::StudentT(const Entries& entries) : entries_(entries), weight_(entries.value.size(), 1.0) {
  const auto n = static_cast<double>(entries.count());
  for (const double y : entries.value) mu_ += y;
  mu_ /= n;
  double sum = 0;
  for (const double y : entries.value) sum += (y - mu_) * (y - mu_);
  variance_ = std::max(sum / n, 1e-12 * (1 + mu_ * mu_));
}

void StudentT::see(Index first, Index last, const double* mean, const double* variance, double* sum) {
  for (Index e = first; e < last; ++e) {
    const auto at = static_cast<std::size_t>(e);
    const double r = entries_.value[at] - mu_ - mean[e - first];
    const double square = r * r + variance[e - first];
    const double old = weight_[at], ratio = square / variance_;
    const double w = (nu_ + 1) / (nu_ + ratio), log_w = std::log(w);
    weight_[at] = w;
    sum[0] += old * r;
    sum[1] += old;
    sum[2] += w * square;
    sum[3] += log_w - w;
  }
}

double StudentT::learn(const Vector& sum, Bilinear&) {
  const auto n = static_cast<double>(entries_.count());
  // log(1 + e^2 / (nu s2)) = log((nu + 1) / nu) - log w; the mean of w is close to 1 by the equations of the fit.
  const double mean_log = sum(3) / n + 1;
  const double f = -(std::lgamma((nu_ + 1) / 2) - std::lgamma(nu_ / 2) - 0.5 * std::log(std::numbers::pi * nu_ * variance_) -
                     (nu_ + 1) / 2 * (std::log((nu_ + 1) / nu_) - mean_log));
  mu_ += sum(0) / sum(1);
  variance_ = std::max(sum(2) / n, 1e-300);
  if (k_ % 3 == 2) nu_ = likely_nu(nu_, sum(3) / n);
  ++k_;
  return f;
}

Params StudentT::state() const {
  Matrix numbers(1, 4);
  numbers << mu_, variance_, nu_, static_cast<double>(k_);
  return {{"numbers", numbers}, {"weight", Eigen::Map<const Matrix>(weight_.data(), static_cast<Index>(weight_.size()), 1)}};
}

void StudentT::restore(const Params& state) {
  const Matrix& numbers = state[0].value;
  mu_ = numbers(0), variance_ = numbers(1), nu_ = numbers(2), k_ = static_cast<Index>(numbers(3));
  std::copy_n(state[1].value.data(), weight_.size(), weight_.begin());
}

}  // namespace gossan::completing
