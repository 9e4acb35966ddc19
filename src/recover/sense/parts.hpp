// A recovery by (sub)gradient descent whose every part is chosen by name.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "gossan/sense.hpp"
#include "gossan/watch.hpp"
#include "recover/sense/counted.hpp"

namespace gossan::sensing {

// `asked`, or where it is 0 as many columns as fit. Throws std::invalid_argument where it is too large.
Index search_rank(const Operator& A, Index asked);

// The model of options that name it, with its settings among theirs.
std::unique_ptr<Model> make_model(const Operator& A, const SenseOptions& options);

struct Descended {
  double last_change = 0;  // relative size of the last step
  Matrix L, R;             // the factors it set out from; R empty where symmetric
  std::string trouble;     // why the last checkpoint could not be written, or empty
};
// Runs the chosen parts; fills the factors, the history, the trace, the choices and the result.
Descended fit_by_parts(const Counted& A, std::span<const double> y, const std::vector<bool>& fitted, const SenseOptions& options,
                       const Watch& watch, Sensed& answer);

}  // namespace gossan::sensing
