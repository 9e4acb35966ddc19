#include "gossan/run.hpp"

#include <cmath>
#include <stdexcept>

#include "run/loop.hpp"

namespace gossan {
namespace {

void check_stop(const Stop& stop) {
  const auto refuse = [](const std::string& name, const std::string& value) {
    throw std::invalid_argument("run: " + name + " is " + value + ", expected a number >= 0");
  };
  if (stop.max_iterations < 0) refuse("max_iterations", std::to_string(stop.max_iterations));
  if (stop.taken < 0) refuse("taken", std::to_string(stop.taken));
  if (!(stop.change >= 0)) refuse("change", std::to_string(stop.change));
  if (!(stop.gradient_norm >= 0)) refuse("gradient_norm", std::to_string(stop.gradient_norm));
}

bool finite(const Iterate& now) {
  return std::isfinite(now.f) && std::isfinite(now.change) && (now.theta == nullptr || all_finite(*now.theta));
}

// Why the run is over after this step, in words; empty where it is not converged.
std::string convergence(const Iterate& now, const Stop& stop) {
  if (now.gradient_norm == 0 && now.change == 0) return "the gradient vanished";
  if (stop.gradient_norm > 0 && now.gradient_norm <= stop.gradient_norm) return "the gradient fell below the tolerance";
  if (stop.change > 0 && now.change <= stop.change) return "the last step changed the answer by less than the tolerance";
  return "";
}

std::string plain_words(Status status) {
  switch (status) {
    case Status::converged:
      return "an observer found it converged";
    case Status::iteration_limit:
      return "all allowed iterations were used";
    case Status::time_limit:
      return "the time was up";
    case Status::interrupted:
      return "the run was interrupted";
    case Status::diverged:
      break;
  }
  return "the run left the finite numbers: the steps are too long, or the data too large; the last finite answer is kept";
}

void finish(Result& result, Status status, const std::string& why) {
  const bool one = result.iterations == 1;
  result.status = status;
  result.message = why + " (after " + std::to_string(result.iterations) + (one ? " iteration)" : " iterations)");
}

}  // namespace

std::string to_string(Status status) {
  switch (status) {
    case Status::converged:
      return "converged";
    case Status::iteration_limit:
      return "iteration_limit";
    case Status::time_limit:
      return "time_limit";
    case Status::interrupted:
      return "interrupted";
    case Status::diverged:
      break;
  }
  return "diverged";
}

Result run_from(Iteration& iteration, Params initial, const Stop& stop, std::span<const Observer> observers) {
  check_stop(stop);
  Result result;
  result.theta = std::move(initial);
  result.f = std::numeric_limits<double>::quiet_NaN();
  result.iterations = stop.taken;
  while (result.iterations < stop.max_iterations) {
    const Iterate now = iteration.step();
    ++result.iterations;
    if (!finite(now)) {
      finish(result, Status::diverged, plain_words(Status::diverged));
      return result;
    }
    result.f = now.f;
    if (now.theta != nullptr) result.theta = *now.theta;

    std::optional<Status> ended;
    for (const Observer& observer : observers) {
      const auto wish = observer(now);
      if (wish && !ended) ended = wish;
    }
    const std::string converged = convergence(now, stop);
    if (!converged.empty()) {
      finish(result, Status::converged, converged);
      return result;
    }
    if (ended) {
      finish(result, *ended, plain_words(*ended));
      return result;
    }
  }
  finish(result, Status::iteration_limit, plain_words(Status::iteration_limit));
  return result;
}

Result run(Iteration& iteration, const Stop& stop, std::span<const Observer> observers) {
  return run_from(iteration, iteration.state(), stop, observers);
}

}  // namespace gossan
