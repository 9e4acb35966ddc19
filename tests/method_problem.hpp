// What a row of the methods' table runs on: the objective that goes with it, for a model that it takes.
#pragma once

#include <vector>

#include "gossan/methods.hpp"
#include "sensing_problem.hpp"

namespace gossan {

inline bool takes(const MethodRow& row, const SensingProblem& problem) {
  return row.companions.model.empty() || !problem.symmetric;  // factor-pair alone, where a model is named
}

inline std::unique_ptr<Objective> objective_of(const MethodRow& row, const SensingProblem& problem) {
  return row.companions.objective(*problem.A, *problem.model, *problem.loss, problem.truth.y,
                                  std::vector<bool>(problem.truth.y.size(), true));
}

// Settings by which a row does its update and nothing at random.
inline Settings undisturbed(const MethodRow& row) { return row.name == "perturbed-gd" ? Settings{{"radius", "0"}} : Settings{}; }

inline Params random_params(const Layout& layout, std::uint64_t seed) {
  Params theta = zeros(layout);
  for (std::size_t b = 0; b < theta.size(); ++b) {
    Matrix& value = theta[b].value;
    value = normal_matrix(value.rows(), value.cols(), Random(seed, 900 + b)) / std::sqrt(static_cast<double>(value.rows()));
  }
  return theta;
}

}  // namespace gossan
