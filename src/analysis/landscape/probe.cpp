// A probe: its parts in turn, and what they say together.
#include "gossan/probe.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "analysis/landscape/parts.hpp"
#include "gossan/linalg.hpp"

namespace gossan {
namespace {

constexpr double rounding = 1e-9;               // of the largest prediction
constexpr double flat = 1e-7;                   // of the largest eigenvalue: a smallest one above minus this is no descent
constexpr Index most_entries = Index{1} << 27;  // 1 GiB for the whole matrix

constexpr const char* saddle_is_not_wrong =
    "That does not make the point wrong: with corrupted data the truth itself may be a strict saddle, and a lower loss a worse "
    "answer.";
constexpr const char* no_proof = "To find none proves no optimality: other directions may descend.";

std::unique_ptr<Loss> chosen_loss(const ProbeOptions& options) {
  constexpr std::string_view prefix = "loss.";
  Settings settings;
  for (const auto& [name, value] : options.settings) {
    if (!name.starts_with(prefix))
      throw std::invalid_argument(fmt::format("probe: unknown option '{}', expected loss.NAME", name));
    settings.emplace_back(name.substr(prefix.size()), value);
  }
  return find(losses(), options.loss, "loss").make(settings);
}

void require_point(const Operator& A, const ProbePoint& at) {
  const auto refuse = [&](const char* name, const Matrix& factor, Index rows) {
    throw std::invalid_argument(
        fmt::format("probe: {} is {} x {}, expected {} rows and as many columns as the other factor, "
                    "at least one; the measurements are of {} x {} matrices",
                    name, factor.rows(), factor.cols(), rows, A.rows(), A.cols()));
  };
  if (at.L.rows() != A.rows() || at.L.cols() < 1) refuse("L", at.L, A.rows());
  if (!at.symmetric() && (at.R.rows() != A.cols() || at.R.cols() != at.L.cols())) refuse("R", at.R, A.cols());
  if (at.symmetric() && A.rows() != A.cols())
    throw std::invalid_argument(fmt::format(
        "probe: the measurements are of {} x {} matrices, which are no U U^T; expected a pair of factors", A.rows(), A.cols()));
  if (!at.L.allFinite() || !at.R.allFinite()) throw std::invalid_argument("probe: the point has an entry that is not finite");
}

void require_data(const Operator& A, std::span<const double> y, const Matrix* truth) {
  if (static_cast<Index>(y.size()) != A.measurements())
    throw std::invalid_argument(
        fmt::format("probe: y has {} numbers, expected one for each of the {} measurements", y.size(), A.measurements()));
  if (!std::all_of(y.begin(), y.end(), [](double each) { return std::isfinite(each); }))
    throw std::invalid_argument("probe: y has a number that is not finite");
  if (A.rows() > most_entries / A.cols())
    throw std::invalid_argument(fmt::format("probe: the matrix is {} x {}, expected at most {} entries, for it is formed",
                                            A.rows(), A.cols(), most_entries));
  if (truth == nullptr) return;
  if (truth->rows() != A.rows() || truth->cols() != A.cols() || !truth->allFinite() || truth->isZero(0))
    throw std::invalid_argument(fmt::format("probe: the truth is {} x {}, expected {} x {} finite numbers that are not all zero",
                                            truth->rows(), truth->cols(), A.rows(), A.cols()));
}

landscape::Residuals residuals_at(const Vector& z, const Vector& y, double cut) {
  return {z - y, cut > 0 ? cut : rounding * z.cwiseAbs().maxCoeff()};
}

double mean_loss(const Loss& loss, const Vector& r) {
  Vector weights(r.size());
  const auto n = static_cast<std::size_t>(r.size());
  return loss.value(std::span<const double>(r.data(), n), {weights.data(), n}) / static_cast<double>(n);
}

// The verdict: what happens at first order decides, then whether f descends beyond it.
void conclude(Probe& found, bool descends) {
  using enum Stationarity::State;
  const Stationarity& first = found.stationarity;
  const double share = first.scale > 0 ? first.residual / first.scale : 0;
  const bool untried = !found.direction && !found.hessian && found.no_direction.empty();  // stopped before
  const std::string second = found.hessian ? "the smallest eigenvalue of the Hessian" : "the structured direction";
  if (first.state == not_stationary) {
    found.verdict = "not stationary";
    found.message = fmt::format(
        "The smallest (sub)gradient found has norm {:.3g}, and a unit direction was found along which the loss "
        "falls at a rate of {:.3g}. A step along the negative of it lowers the loss; whether it leads to a "
        "better answer is another matter.",
        first.residual, -first.slope);
  } else if (first.state == undecided) {
    found.verdict = "undecided";
    found.message = fmt::format(
        "The smallest sub-gradient found in {} steps has norm {:.3g}, {:.2g} of its scale: too much to call "
        "the point stationary, and no direction was found along which the loss falls at first order.",
        first.iterations, first.residual, share);
  } else if (untried) {
    found.verdict = "undecided";
    found.message = "The point is stationary. Whether the loss descends beyond first order was not tried.";
  } else if (descends) {
    found.verdict = "strict saddle";
    found.message = fmt::format("The point is stationary, and {} descends, as differences of the loss confirm. {}", second,
                                saddle_is_not_wrong);
  } else {
    found.verdict = "no descent found";
    found.message = found.no_direction.empty()
                        ? fmt::format("The point is stationary, and {} does not descend. {}", second, no_proof)
                        : fmt::format("The point is stationary. No direction beyond first order was tried: {}. {}",
                                      found.no_direction, no_proof);
  }
  if (found.status != Status::converged) found.message += " The probe was stopped before its end.";
  const bool smooth_everywhere = found.zero_residuals == 0 && !found.hessian && !untried;
  if (smooth_everywhere)
    found.message += fmt::format(
        " No residual is zero within {:.3g}: if the data are noisy, a --cut of a few times the noise "
        "makes the honest ones count as zero.",
        found.cut);
}

// The model whose factors are the point's.
struct PointOfModel {
  PointOfModel(const Operator& A, const ProbePoint& at)
      : model(at.symmetric() ? symmetric_factor({A.rows(), A.cols(), at.L.cols()})
                             : factor_pair({A.rows(), A.cols(), at.L.cols()})),
        theta(blocks(*model, at)),
        tangent(A, *model, theta) {}
  PointOfModel(const PointOfModel&) = delete;
  PointOfModel& operator=(const PointOfModel&) = delete;

  static Params blocks(const Model& model, const ProbePoint& at) {
    Params theta = zeros(model.layout());
    theta[0].value = at.L;
    if (!at.symmetric()) theta[1].value = at.R;
    return theta;
  }

  std::unique_ptr<Model> model;
  Params theta;
  Tangent tangent;
};

}  // namespace

Fields ProbeOptions::fields() {
  std::vector<std::string> names;
  for (const auto& row : losses()) names.push_back(row.name);
  return {
      {.name = "loss", .value = &loss, .help = "whose landscape", .choices = names},
      {.name = "cut",
       .value = &cut,
       .help = "residuals of at most this size count as zero; 0: rounding, 1e-9 of the largest prediction",
       .least = 0},
      {.name = "gamma",
       .value = &gamma,
       .help = "largest step along the direction; 0: chosen so that no outlier's sign turns",
       .least = 0},
      {.name = "tolerance",
       .value = &tolerance,
       .help = "a gradient of at most this share of its scale counts as zero",
       .least = 0,
       .most = 0.1,
       .above = true},
      {.name = "max_iterations",
       .value = &max_iterations,
       .help = "of the search for the smallest sub-gradient, a pass over the data each",
       .least = 1,
       .most = 1e9},
      {.name = "samples", .value = &samples, .help = "random tangents of the sharpness", .least = 1, .most = 1e6},
      {.name = "draws", .value = &draws, .help = "random matrices of the Sign-RIP estimate", .least = 1, .most = 1e6},
      seed_field(&seed),
  };
}

bool StructuredDirection::descends() const {
  return slope < 0 && std::all_of(differences.begin(), differences.end(), [](const Difference& d) { return d.slope < 0; });
}

bool HessianEnds::descends() const {
  return smallest < -flat * std::max(std::abs(largest), std::abs(smallest)) &&
         std::all_of(differences.begin(), differences.end(), [](const Difference& d) { return d.slope < 0; });
}

Probe probe(const Operator& A, std::span<const double> y, const ProbePoint& at, const Matrix* truth, const ProbeOptions& options,
            const Watch& watch) {
  ProbeOptions checked = options;
  check(checked.fields(), "probe");
  require_data(A, y, truth);
  require_point(A, at);
  const auto loss = chosen_loss(options);
  const auto* smooth = dynamic_cast<const Smooth*>(loss.get());
  if (smooth == nullptr && options.loss != "absolute")
    throw std::invalid_argument(fmt::format("probe: loss '{}', expected absolute or one with a second derivative", options.loss));

  const std::vector<double> sorted = to_sweep_order(A, y);
  const Vector measured = Eigen::Map<const Vector>(sorted.data(), A.measurements());
  PointOfModel point(A, at);
  Tangent& tangent = point.tangent;
  const Vector z = tangent.predictions();
  if (!std::isfinite(z.squaredNorm()))
    throw std::invalid_argument("probe: the point's predictions are too large for double precision");
  const landscape::Residuals here = residuals_at(z, measured, options.cut);

  Probe found{.objective = mean_loss(*loss, here.r), .search_rank = at.L.cols(), .cut = here.cut};
  found.rank = std::min(landscape::numerical_rank(tangent.L()), landscape::numerical_rank(tangent.R()));
  found.zero_residuals = here.zeros();
  found.nonzero_residuals = A.measurements() - found.zero_residuals;

  bool descends = false;
  landscape::Pace pace(watch);
  pace.begin("stationarity", 0, 0.6);
  if (smooth != nullptr) {
    found.stationarity = landscape::smooth_stationarity(tangent, here, *loss, measured, options.tolerance);
    const double theta = std::hypot(at.L.norm(), at.R.norm());
    const double length = theta > 0 ? theta : std::sqrt(measured.cwiseAbs().mean());
    try {
      found.hessian = landscape::hessian_ends(tangent, here, *loss, *smooth, options.gamma, length > 0 ? length : 1, pace);
      descends = found.hessian->descends();
    } catch (const landscape::Pace::Ended&) {  // without a Hessian, then
    }
  } else {
    found.stationarity = landscape::clarke_stationarity(tangent, here, options, pace);
    pace.begin("sharpness", 0.6, 0.8);
    found.sharpness = landscape::sharpness(tangent, here, options.samples, options.seed, pace);
    if (!pace.ended()) found.direction = landscape::structured_direction(tangent, here, options.gamma, found.no_direction);
    descends = found.direction && found.direction->descends();
  }

  pace.begin("Sign-RIP", 0.8, 1);
  if (truth == nullptr) {
    found.sign_rip = landscape::sign_rip(A, y, {tangent.L(), tangent.R()}, found.rank, false, nullptr, options, pace);
  } else {
    const Matrix error = tangent.L() * tangent.R().transpose() - *truth;
    const ProbePoint exact = factored(*truth, 0);
    const PointOfModel truth_point(A, exact);
    const Tangent& there = truth_point.tangent;
    const landscape::Residuals left = residuals_at(there.predictions(), measured, options.cut);
    found.truth = {
        .relative_error = error.norm() / truth->norm(), .objective = mean_loss(*loss, left.r), .zero_residuals = left.zeros()};
    const bool apart = found.truth->relative_error > rounding;
    found.sign_rip =
        landscape::sign_rip(A, y, {there.L(), there.R()}, exact.L.cols(), true, apart ? &error : nullptr, options, pace);
  }
  found.status = pace.status();
  conclude(found, descends);
  return found;
}

}  // namespace gossan

namespace gossan::landscape {

Index Residuals::zeros() const {
  Index count = 0;
  for (Index e = 0; e < r.size(); ++e) count += zero(e) ? 1 : 0;
  return count;
}

Vector Residuals::signs() const {
  Vector sign = Vector::Zero(r.size());
  for (Index e = 0; e < r.size(); ++e) {
    if (!zero(e)) sign(e) = r(e) > 0 ? 1 : -1;
  }
  return sign;
}

}  // namespace gossan::landscape
