#include "recover/sense/observed.hpp"

#include <Eigen/QR>
#include <algorithm>
#include <string>

#include "recover/sense/evidence.hpp"

namespace gossan::sensing {
namespace {

// The value of a choice, or empty.
std::string chosen(const Sensed& answer, const std::string& name) {
  for (const auto& [key, value] : answer.choices) {
    if (key == name) return value;
  }
  return "";
}

// The leading singular values of the answer, as many as its rank says, and their vectors: from the triangles of its factors.
Svd learnt(const Sensed& answer) {
  using Qr = Eigen::HouseholderQR<Eigen::MatrixXd>;
  const Index r = answer.rank;
  const auto basis = [](const Qr& qr, const Matrix& coordinates) -> Matrix {
    return qr.householderQ() * Eigen::MatrixXd::Identity(qr.rows(), coordinates.rows()) * coordinates;
  };
  const auto triangle = [](const Qr& qr) -> Eigen::MatrixXd {
    return qr.matrixQR().topRows(std::min(qr.rows(), qr.cols())).triangularView<Eigen::Upper>();
  };
  const Qr left(answer.L), right(answer.symmetric ? answer.L : answer.R);
  const Svd small = svd(triangle(left) * triangle(right).transpose());
  return {basis(left, small.U.leftCols(r)), small.s.head(r), basis(right, small.V.leftCols(r))};
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

void conclude(const Matrix& L, const Matrix& R, const Matrix* truth, Sensed& answer) {
  Trajectory& trajectory = answer.trajectory;
  const std::string schedule = chosen(answer, "schedule");
  if (schedule == "geometric" || schedule == "normalised-geometric") {
    const double step = std::stod(chosen(answer, "schedule.step")), ratio = std::stod(chosen(answer, "schedule.ratio"));
    trajectory.budget = geometric_budget(step, ratio, answer.result.iterations);
  }
  const bool finite = answer.L.allFinite() && answer.R.allFinite() && answer.singular_values.allFinite();
  // Momentum and preconditioning go further by a step than it is long: the way is counted for plain descent.
  const std::string method = chosen(answer, "method");
  const bool plain = method == "subgradient" || method == "gradient-descent" || method == "perturbed-gd";
  if (schedule == "normalised-geometric" && plain && finite)
    trajectory.budget->needed =
        needed_way({L, answer.symmetric ? L : R}, truth != nullptr ? spectrum_of_truth(*truth) : learnt(answer));
  trajectory.plateaus = plateaus(answer.history);
  const auto& checks = answer.evidence.checks;
  const bool structure_left = std::any_of(checks.begin(), checks.end(),
                                          [](const Check& check) { return check.name == structure_check && !check.passed; });
  trajectory.warnings = warnings(answer.history, trajectory.budget, structure_left);
}

}  // namespace gossan::sensing
