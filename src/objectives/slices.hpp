// A data fit cut into runs of consecutive measurements.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "gossan/objectives.hpp"

namespace gossan {

// All runs but the last are of one length. Holds references: all must outlive it.
class SlicedFit {
 public:
  // `length`: measurements a run, rounded up to what A can be cut at. Throws std::invalid_argument as data_fit does, and where A
  // lacks the talent Slices.
  SlicedFit(const Operator& A, Model& model, const Loss& loss, std::span<const double> y, const std::vector<bool>& fitted,
            Index length, const char* who);

  Index runs() const { return runs_; }
  Index fitted() const { return fitted_count_; }  // measurements
  Model& model() const { return model_; }

  // The fit of run p alone, over its number of fitted measurements; fit is null where there are none.
  struct Run {
    std::unique_ptr<Operator> A;
    std::vector<bool> fitted;
    Index count = 0;
    std::unique_ptr<Objective> fit;
  };
  Run run(Index p) const;

 private:
  const Operator& A_;
  const Slices& slices_;
  Model& model_;
  const Loss& loss_;
  std::span<const double> y_;
  std::vector<bool> fitted_;
  Index fitted_count_, length_, runs_;
};

}  // namespace gossan
