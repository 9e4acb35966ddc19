#include "recover/sense/pursuit.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

#include "recover/sense/gauss_newton.hpp"
#include "recover/sense/scale_course.hpp"
#include "recover/shared/scales.hpp"

namespace gossan::sensing {

// Those that a step has seen, where it has seen all of them.
std::vector<double> Pursuit::residuals_of(const Thresholding& iteration) const {
  return equations_.has_mean() ? equations_.residuals(iteration.before()) : iteration.residuals();
}

void Pursuit::keep(Found& best, const LowRank& X, double scale, std::vector<double> residuals) const {
  if (!(scale < best.scale)) return;
  constexpr double least_share = 0.05;
  best.X = X;
  best.residuals = std::move(residuals);
  best.scale = scale;
  best.freedom_scale = scale / std::max(1 - X.freedom() / static_cast<double>(equations_.count()), least_share);
}

Found Pursuit::run(const Score& score) {
  Thresholding iteration(equations_, score, most_rank_);
  const double first = iteration.scale();
  ScaleCourse course(first);
  Found best;
  best.X = zero(equations_.rows(), equations_.cols(), equations_.symmetric());
  Index last_try = -ScaleCourse::most_steps, tried_rank = 0;
  double tried_scale = std::numeric_limits<double>::infinity();
  while (course.steps() < ScaleCourse::most_steps) {
    bool at_end = false;
    std::vector<Observer> observers = log_.observers_of("thresholding");
    observers.emplace_back([&](const Iterate&) -> std::optional<Status> {
      course.add(iteration.scale(), iteration.before().rank());
      keep(best, iteration.before(), iteration.scale());
      at_end = course.at_end();
      if (at_end || course.ready_for_newton(last_try)) return Status::converged;
      return std::nullopt;
    });
    const Result result = gossan::run(iteration, {.max_iterations = ScaleCourse::most_steps - course.steps()}, observers);
    if (log_.stopped(result.status)) best.status = result.status;
    if (at_end || result.status != Status::converged) break;

    const Found polished = polish(iteration.before(), residuals_of(iteration), first);
    if (log_.stopped(polished.status)) best.status = polished.status;
    const Index rank = iteration.before().rank();
    const bool rank_again = rank == tried_rank;
    last_try = course.steps();
    tried_rank = rank;
    if (polished.scale > iteration.scale() || log_.stopped(polished.status)) {
      if (rank_again || log_.stopped(polished.status)) break;
      continue;
    }
    const bool nothing_new = rank_again && polished.scale > 0.97 * tried_scale;
    tried_scale = polished.scale;
    keep(best, polished.X, polished.scale, polished.residuals);
    if (polished.scale <= nothing_left * first || nothing_new) break;
    course.replace_last(polished.scale);
    iteration.move_to(polished.X, polished.scale);
  }
  return best;
}

// Step 5: the median scale of where Gauss-Newton leads from X.
Found Pursuit::polish(const LowRank& X, std::vector<double> residuals, double first) {
  constexpr Index most_rounds = 6;
  constexpr double still_falling = 0.97, nothing = 1e-11;
  Found best;
  if (X.rank() == 0) return best;
  GaussNewton iteration(equations_, X, residuals);
  double least = iteration.scale();
  best.X = X;
  std::vector<Observer> observers = log_.observers_of("gauss-newton");
  observers.emplace_back([&](const Iterate& at) -> std::optional<Status> {
    const double now = iteration.scale();
    if (now < least) {
      best.X = iteration.matrix();
      best.residuals = residuals = iteration.residuals();
    }
    const bool at_rest = now < nothing * first || now > still_falling * at.f || !std::isfinite(now);
    least = std::min(least, now);
    return at_rest ? std::optional(Status::converged) : std::nullopt;
  });
  best.status = gossan::run(iteration, {.max_iterations = most_rounds}, observers).status;
  best.scale = median_scale(sizes_of(residuals));
  return best;
}

bool Pursuit::one_more_direction(const Score& score, Found& best) {
  constexpr double clearly = 0.5;
  const Index next = best.X.rank() + 1;
  if (log_.stopped(best.status) || best.X.rank() == 0 || next > most_rank_) return false;
  Thresholding iteration(equations_, score, most_rank_);
  iteration.move_to(best.X, best.scale);
  const LowRank wider = iteration.step_to_rank(next);
  if (wider.rank() < next) return false;
  const Found polished = polish(wider, equations_.residuals(wider), data_scale_);
  Found more;
  keep(more, polished.X, polished.scale, polished.residuals);
  more.status = polished.status;
  if (!(more.freedom_scale < clearly * best.freedom_scale)) return false;
  best = more;
  return true;
}

}  // namespace gossan::sensing
