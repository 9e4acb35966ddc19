#include "recover/sense/observed.hpp"

#include <algorithm>

#include "gossan/schedules.hpp"
#include "recover/sense/evidence.hpp"
#include "recover/sense/settings.hpp"

namespace gossan::sensing {
namespace {

// The leading singular values of the answer, as many as its rank says, and their vectors.
Svd learnt(const Sensed& answer) {
  const Svd all = product_svd(answer.L, answer.symmetric ? answer.L : answer.R);
  return {all.U.leftCols(answer.rank), all.s.head(answer.rank), all.V.leftCols(answer.rank)};
}

}  // namespace

std::vector<Gauge> choose_gauges(const Observed& run, const Matrix* truth, Trajectory& trajectory) {
  std::vector<Gauge> all = {effective_rank()};
  if (truth == nullptr) return all;
  const Svd spectrum = spectrum_of_truth(*truth);
  all.push_back(signal_and_residual(spectrum));
  all.push_back(learning(spectrum, trajectory.emergence));
  const bool some_held_out = std::find(run.fitted.begin(), run.fitted.end(), false) != run.fitted.end();
  if (some_held_out) all.push_back(generalisation(run.A, run.model, *truth, run.fitted));
  const bool as_analysed = run.options.model == "symmetric-factor" && run.options.method == "subgradient" &&
                           run.options.loss == "squared" && spectrum.U.isApprox(spectrum.V, 1e-6);
  if (as_analysed) all.push_back(dynamic_subspace(run.A, run.loss, run.y, run.fitted, spectrum, run.start.L));
  return all;
}

void conclude(const SenseOptions& options, const Matrix& L, const Matrix& R, const Matrix* truth, Sensed& answer) {
  Trajectory& trajectory = answer.trajectory;
  if (options.schedule == "geometric" || options.schedule == "normalised-geometric") {
    GeometricOptions rule;
    assign(rule.fields(), PartSettings(options.settings).of("schedule"), options.schedule);
    trajectory.budget = geometric_budget(rule.step, rule.ratio, answer.result.iterations);
  }
  const bool finite = answer.L.allFinite() && answer.R.allFinite() && answer.singular_values.allFinite();
  // Momentum and preconditioning go further by a step than it is long: the way is counted for plain descent.
  const bool plain = options.method == "subgradient" || options.method == "gradient-descent" || options.method == "perturbed-gd";
  const bool two_factors = options.model == "symmetric-factor" || options.model == "factor-pair";
  if (options.schedule == "normalised-geometric" && plain && two_factors && finite)
    trajectory.budget->needed =
        needed_way({L, answer.symmetric ? L : R}, truth != nullptr ? spectrum_of_truth(*truth) : learnt(answer));
  trajectory.plateaus = plateaus(answer.history);
  const auto& checks = answer.evidence.checks;
  const bool structure_left = std::any_of(checks.begin(), checks.end(),
                                          [](const Check& check) { return check.name == structure_check && !check.passed; });
  trajectory.warnings = warnings(answer.history, trajectory.budget, structure_left);
}

}  // namespace gossan::sensing
