// The instance of one trial, and how it is run.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "gossan/operators.hpp"
#include "gossan/sense.hpp"

namespace gossan::experiments {

struct Problem {
  std::unique_ptr<Operator> A;
  std::vector<double> y;
  Matrix X;            // the truth
  double minimax = 0;  // as Trial has it
};

struct PhaseOptions {
  double learnt = 0.1;   // how far the leading singular values may be from the true ones, as a share of these
  double beyond = 1e-3;  // how large the next may be, as a share of the smallest true one
  Fields fields();
};

struct Setup {
  std::string problem = "sensing";
  Settings instance;  // of the generator
  SenseOptions run;
  Index probe_columns = 0;  // 0: no probe
  std::optional<PhaseOptions> phase = {};
};

// Later settings go before earlier ones. Throws std::invalid_argument on a name or value that is not known.
Setup read_settings(const std::vector<const Settings*>& layers);

Problem make_problem(const Setup& setup, std::uint64_t seed);

}  // namespace gossan::experiments
