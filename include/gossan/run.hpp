// The only loop. Gradient methods, thresholding, Levenberg-Marquardt, alternating sweeps are all Iterations, and run() drives
// them: methods contain only their mathematics, observers watch.
#pragma once

#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "gossan/methods.hpp"
#include "gossan/objectives.hpp"
#include "gossan/params.hpp"

namespace gossan {

enum class Status { converged, iteration_limit, time_limit, interrupted, diverged };
std::string to_string(Status status);

// What observers see after a step.
struct Iterate {
  Index k = 0;                                                      // steps taken, this one included: 1, 2, ...
  double f = 0;                                                     // objective before the step
  double gradient_norm = std::numeric_limits<double>::quiet_NaN();  // in the method's own metric; NaN: the iteration has none
  double step = 0;                                                  // step length used
  double change = 0;              // relative size of the update, ||theta_new - theta|| / ||theta_new||
  const Params* theta = nullptr;  // after the step
};

class Iteration {
 public:
  virtual ~Iteration() = default;
  virtual Iterate step() = 0;
  virtual Params state() const = 0;  // all that restore() needs to go on bit-exactly
  virtual void restore(const Params& state) = 0;
};

// Called after every step; a status ends the run with it.
using Observer = std::function<std::optional<Status>(const Iterate&)>;

struct Stop {
  Index max_iterations = 1000;
  Index taken = 0;           // steps that were taken before, in another process: they count
  double change = 0;         // converged when an iterate changes relatively by no more than this; 0: never
  double gradient_norm = 0;  // converged when the gradient norm falls to this; 0: when it vanishes and the step moves nothing
};

struct Result {
  Params theta;          // the last one that was finite
  double f = 0;          // as the last step saw it; minimise() evaluates it at theta
  Index iterations = 0;  // steps taken
  Status status = Status::iteration_limit;
  std::string message;  // in plain words
};

// Steps until `stop` or an observer ends it. Observers see every finite step, the last one included; a step that leaves the
// finite numbers ends the run as diverged, never by an exception. Before the first step theta is the iteration's state.
Result run(Iteration& iteration, const Stop& stop, std::span<const Observer> observers = {});

// A gradient method on an objective as an Iteration, from theta. Both must outlive it.
std::unique_ptr<Iteration> descent(Objective& objective, Method& method, Params theta);

// run() of a gradient method on an objective, from theta.
Result minimise(Objective& objective, Method& method, Params theta, const Stop& stop, std::span<const Observer> observers = {});

}  // namespace gossan
