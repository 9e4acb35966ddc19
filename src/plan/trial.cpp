#include "plan/trial.hpp"

#include <algorithm>
#include <cmath>

#include "gossan/generate.hpp"
#include "gossan/operators.hpp"
#include "gossan/random.hpp"
#include "gossan/sense.hpp"
#include "recover/shared/freedom.hpp"

namespace gossan::planning {
namespace {

constexpr double exact = 1e-3;      // relative error that counts as none
constexpr double useful = 0.5;      // relative error beyond which no answer counts
constexpr double over_ideal = 1.5;  // of the error of least squares

// The relative error that counts as success with noise; negative: none does.
double allowed_error(double noise, Index honest, Index unknowns) {
  if (honest <= unknowns) return -1;
  const auto freedom = static_cast<double>(unknowns);
  const double ideal = noise * std::sqrt(freedom / static_cast<double>(honest - unknowns));
  return std::min(useful, std::max(over_ideal, 1 + 3 / std::sqrt(2 * freedom)) * ideal);
}

std::uint64_t instance_seed(std::uint64_t seed, Index n, Index trial) {
  const std::uint64_t of_size = Random(seed, 131).bits(n)[0];
  return Random(of_size, 132).bits(trial)[0];
}

}  // namespace

Index degrees_of_freedom(const PlanOptions& options) {
  return gossan::degrees_of_freedom(options.rank, options.rows, options.cols, options.cols == 0);
}

Outcome attempt(const PlanOptions& options, Index n, Index trial, const Watch& watch) {
  const bool symmetric = options.cols == 0;
  const GeneratedSensing made = generate_sensing({.rows = options.rows,
                                                  .cols = options.cols,
                                                  .rank = options.rank,
                                                  .condition = options.condition,
                                                  .measurements = n,
                                                  .corrupted = options.corruption,
                                                  .kind = options.kind,
                                                  .noise = options.noise,
                                                  .ensemble = options.ensemble,
                                                  .generator = options.generator,
                                                  .seed = instance_seed(options.seed, n, trial)});
  const auto A = implicit(*made.implicit);
  SenseOptions how;
  how.model = symmetric ? "symmetric-factor" : "factor-pair";
  const Sensed sensed = sense(*A, made.y, how, watch);

  Outcome outcome;
  outcome.status = sensed.result.status;
  outcome.trusted = sensed.evidence.verdict == Verdict::trusted;
  const Matrix X = sensed.L * (symmetric ? sensed.L : sensed.R).transpose();
  outcome.error = (X - made.X).norm() / made.X.norm();
  const Index honest = std::count(made.corrupted.begin(), made.corrupted.end(), false);
  const Index unknowns = degrees_of_freedom(options);
  outcome.success = options.noise > 0 ? outcome.error <= allowed_error(options.noise, honest, unknowns)
                                      : honest > unknowns && outcome.error < exact && sensed.rank == options.rank;
  return outcome;
}

}  // namespace gossan::planning
