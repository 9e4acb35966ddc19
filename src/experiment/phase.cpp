#include "experiment/phase.hpp"

#include "gossan/trajectory.hpp"

namespace gossan::experiments {

PhaseWatch::PhaseWatch(const PhaseOptions& options, const Matrix& truth) : options_(options), truth_(spectrum_of_truth(truth)) {}

void PhaseWatch::see(Index k, const Factors& X, Trial& trial) const {
  const Svd at = product_svd(X.L, X.R);
  trial.course.effective_rank.push_back(effective_rank(at.s));
  const Index r = truth_.s.size();
  if (at.s.size() < r) return;
  const bool learnt = ((at.s.head(r) - truth_.s).array().abs() <= options_.learnt * truth_.s.array()).all();
  const bool alone = at.s.size() == r || at.s(r) <= options_.beyond * truth_.s(r - 1);
  if (!learnt || !alone) return;
  Phase& phase = trial.phase;
  if (phase.first == 0) phase.first = k;
  phase.last = k;
  const Matrix U = at.U.leftCols(r);
  phase.angle = spectral_norm(truth_.U - U * (U.transpose() * truth_.U));
}

}  // namespace gossan::experiments
