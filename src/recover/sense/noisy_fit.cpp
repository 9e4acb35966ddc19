#include "recover/sense/noisy_fit.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "recover/sense/gauss_newton.hpp"
#include "recover/shared/holdout.hpp"
#include "recover/shared/scales.hpp"

namespace gossan::sensing {
namespace {

// On the fitted equations alone. answer.residuals: of answer.X, before and after.
void rest(const Equations& equations, const std::vector<char>& fitted, RunLog& log, TuningFree& answer) {
  constexpr int most_rounds = 10;
  std::vector<double>& residuals = answer.residuals;
  std::vector<char> honest, last;
  for (int round = 0; round < most_rounds; ++round) {
    std::vector<double> sizes;
    for (std::size_t e = 0; e < residuals.size(); ++e) {
      if (fitted[e] != 0) sizes.push_back(std::abs(residuals[e]));
    }
    const double freedom = answer.X.freedom();
    const Trimmed trimmed = resting_scale(sizes, freedom);
    answer.scale = trimmed.scale;
    last = std::move(honest);
    honest.assign(residuals.size(), 0);
    double count = 0;
    for (std::size_t e = 0; e < residuals.size(); ++e) {
      honest[e] = fitted[e] != 0 && std::abs(residuals[e]) <= trimmed.cut ? 1 : 0;
      count += honest[e];
    }
    answer.spread = answer.scale / equations.gain() * std::sqrt(freedom / std::max(count, 1.0)) /
                    std::max(answer.X.s.norm(), std::numeric_limits<double>::min());
    answer.edge = equations.noise_edge(answer.scale, std::max(count, 1.0));
    if (honest == last) break;
    GaussNewton iteration(equations, answer.X, residuals, honest);
    const std::vector<Observer> observers = log.observers_of("least squares");
    const Result result = run(iteration, {.max_iterations = 2}, observers);
    answer.X = iteration.matrix();
    residuals = iteration.residuals();
    if (log.stopped(result.status)) {
      answer.result.status = result.status;
      return;
    }
  }
}

}  // namespace

void fit_noise(const Equations& equations, const TuningFreeLimits& limits, RunLog& log, TuningFree& answer) {
  constexpr Index enough = 40, most_share = 5;
  const Index least = limits.holdout > 0 ? std::min(enough, equations.count() / most_share) : 0;
  answer.fitted = choose_fitted(equations.count(), limits.holdout, limits.seed, least);
  std::vector<double> marks(answer.fitted.begin(), answer.fitted.end());
  marks = to_sweep_order(equations.measurements(), marks);
  const std::vector<char> fitted(marks.begin(), marks.end());
  if (answer.residuals.empty()) answer.residuals = equations.residuals(answer.X);
  rest(equations, fitted, log, answer);
  while (answer.X.rank() > 1 && answer.X.s(answer.X.rank() - 1) < least_over_edge * answer.edge) {
    answer.X = truncated(answer.X, answer.X.rank() - 1);
    answer.residuals = equations.residuals(answer.X);
    rest(equations, fitted, log, answer);
  }
  answer.held_out_residuals = to_caller_order(equations.measurements(), answer.residuals);
  if (log.stopped(answer.result.status)) return;
  rest(equations, std::vector<char>(fitted.size(), 1), log, answer);
}

}  // namespace gossan::sensing
