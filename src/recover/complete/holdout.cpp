#include "recover/complete/holdout.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "recover/shared/holdout.hpp"

namespace gossan::completing {
namespace {

constexpr double normal_90 = 1.6448536269514722;  // 90 % of a normal variable lie within so many standard deviations
constexpr double damping = 5;

// The 90 % point of |error| / sd of every second entry from `first` on.
double ninety_percent_point(const std::vector<double>& ratio, std::size_t first) {
  std::vector<double> half;
  for (std::size_t e = first; e < ratio.size(); e += 2) half.push_back(ratio[e]);
  const auto at = half.begin() + static_cast<std::ptrdiff_t>(0.9 * static_cast<double>(half.size()));
  std::nth_element(half.begin(), at, half.end());
  return *at;
}

}  // namespace

Heldout hold_out(const Ratings& data, double share, std::uint64_t seed) {
  const auto n = static_cast<Index>(data.value.size());
  Heldout heldout{.fitted = std::vector<bool>(static_cast<std::size_t>(n), true)};
  const auto wanted = static_cast<Index>(std::llround(share * static_cast<double>(n)));
  constexpr Index least = 10;
  if (wanted < least) return heldout;
  const HoldOut held(share, seed, 503);
  for (Index e = 0; e < n; ++e) {
    if (!held(e)) continue;
    const auto at = static_cast<std::size_t>(e);
    heldout.fitted[at] = false;
    heldout.i.push_back(data.i[at]);
    heldout.j.push_back(data.j[at]);
    heldout.value.push_back(data.value[at]);
  }
  if (heldout.value.size() == data.value.size()) return {.fitted = std::vector<bool>(data.value.size(), true)};
  return heldout;
}

HeldoutError judge_heldout(const Completed& answer, const Heldout& heldout, double keep) {
  HeldoutError judged{.keep = keep, .coverage = std::numeric_limits<double>::quiet_NaN()};
  const std::size_t n = heldout.value.size();
  if (n == 0) return judged;
  std::vector<double> mean(n), sd(n), ratio(n), error(n);
  predict(answer, heldout.i, heldout.j, mean, sd);
  for (std::size_t e = 0; e < n; ++e) {
    error[e] = heldout.value[e] - mean[e];
    ratio[e] = std::abs(error[e]) / std::max(sd[e], 1e-300);
  }
  judged.error = trimmed_rms(error, 1);
  judged.trimmed = trimmed_rms(error, keep);
  constexpr std::size_t enough = 100;
  if (n < enough) return judged;
  const double one = ninety_percent_point(ratio, 0), two = ninety_percent_point(ratio, 1);
  judged.sd_scale = std::max(0.5 * (one + two) / normal_90, 1e-12);
  double within = 0;
  for (std::size_t e = 0; e < n; ++e) within += ratio[e] <= (e % 2 == 0 ? two : one) ? 1 : 0;
  judged.coverage = within / static_cast<double>(n);
  return judged;
}

std::vector<double> bias_errors(const Ratings& data, const Heldout& heldout) {
  double mu = 0, count = 0;
  for (std::size_t e = 0; e < data.value.size(); ++e) {
    if (heldout.fitted[e]) mu += data.value[e], count += 1;
  }
  mu /= std::max(count, 1.0);
  Vector b = Vector::Zero(data.rows), c = Vector::Zero(data.cols);
  const auto effects = [&](const std::vector<Index>& own, Vector& effect, const std::vector<Index>& other, const Vector& others) {
    Vector sum = Vector::Zero(effect.size()), number = Vector::Constant(effect.size(), damping);
    for (std::size_t e = 0; e < data.value.size(); ++e) {
      if (!heldout.fitted[e]) continue;
      sum(own[e]) += data.value[e] - mu - others(other[e]);
      number(own[e]) += 1;
    }
    effect = sum.cwiseQuotient(number);
  };
  effects(data.i, b, data.j, c);
  effects(data.j, c, data.i, b);
  effects(data.i, b, data.j, c);
  std::vector<double> errors(heldout.value.size());
  for (std::size_t e = 0; e < errors.size(); ++e) errors[e] = heldout.value[e] - mu - b(heldout.i[e]) - c(heldout.j[e]);
  return errors;
}

double spread_of(const std::vector<double>& values) {
  double mean = 0, square = 0;
  for (const double y : values) mean += y;
  mean /= static_cast<double>(values.size());
  for (const double y : values) square += (y - mean) * (y - mean);
  return std::sqrt(square / static_cast<double>(values.size()));
}

double trimmed_rms(std::vector<double> errors, double keep) {
  if (errors.empty()) return std::numeric_limits<double>::quiet_NaN();
  const auto count = std::clamp<std::ptrdiff_t>(std::llround(keep * static_cast<double>(errors.size())), 1, std::ssize(errors));
  for (double& each : errors) each *= each;
  std::nth_element(errors.begin(), errors.begin() + count - 1, errors.end());
  double sum = 0;
  for (std::ptrdiff_t k = 0; k < count; ++k) sum += errors[static_cast<std::size_t>(k)];
  return std::sqrt(sum / static_cast<double>(count));
}

}  // namespace gossan::completing
