// Steps 2 to 5 and 7 of the tuning-free recovery: one run of thresholding and Gauss-Newton in turns, and the search for a
// direction that it missed.
#pragma once

#include <limits>
#include <vector>

#include "recover/sense/equations.hpp"
#include "recover/sense/run_log.hpp"
#include "recover/sense/thresholding.hpp"

namespace gossan::sensing {

// Where a run came to.
struct Found {
  LowRank X;
  std::vector<double> residuals;  // exact; empty where they are not known
  double scale = std::numeric_limits<double>::infinity();
  double freedom_scale = std::numeric_limits<double>::infinity();  // scale / (1 - freedom / n): what a run is judged by
  Status status = Status::converged;
};

class Pursuit {
 public:
  // All must outlive it. data_scale: of y.
  Pursuit(const Equations& equations, Index most_rank, double data_scale, RunLog& log)
      : equations_(equations), most_rank_(most_rank), data_scale_(data_scale), log_(log) {}

  // Steps 2 to 5.
  Found run(const Score& score);
  // Step 7: a weak direction that every run has missed passes for noise. From the largest of what a gradient step finds beyond
  // the rank, Gauss-Newton tells: with it the scale falls clearly, by more than a further rank explains. Then `best` has it.
  bool one_more_direction(const Score& score, Found& best);

 private:
  std::vector<double> residuals_of(const Thresholding& iteration) const;
  void keep(Found& best, const LowRank& X, double scale, std::vector<double> residuals = {}) const;
  Found polish(const LowRank& X, std::vector<double> residuals, double first);

  const Equations& equations_;
  Index most_rank_;
  double data_scale_;
  RunLog& log_;
};

}  // namespace gossan::sensing
