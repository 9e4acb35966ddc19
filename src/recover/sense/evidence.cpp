#include "recover/sense/evidence.hpp"

#include <algorithm>
#include <cmath>

#include "gossan/linalg.hpp"
#include "gossan/random.hpp"
#include "recover/sense/statistics.hpp"
#include "recover/shared/checks.hpp"
#include "recover/shared/freedom.hpp"
#include "recover/shared/holdout.hpp"

namespace gossan::sensing {
namespace {

struct Group {
  double share = 0;   // of its measurements within the cut
  double median = 0;  // |residual| of those
  Index count = 0;
};

Group group(const Findings& found, const std::vector<double>& residuals, bool fitted) {
  Group all;
  std::vector<double> inside;
  for (std::size_t e = 0; e < found.y.size(); ++e) {
    if (found.fitted[e] != fitted) continue;
    ++all.count;
    if (std::abs(residuals[e]) <= found.answer.outlier_cut) inside.push_back(std::abs(residuals[e]));
  }
  if (all.count > 0) all.share = static_cast<double>(inside.size()) / static_cast<double>(all.count);
  all.median = median(std::move(inside));
  return all;
}

// As many held-out measurements fit as fitted ones, to three standard errors: a fit that bent to its outliers, or a wrong one
// that bent to everything, predicts nothing.
Check held_out_share(const Group& train, const Group& held, double least) {
  constexpr Index enough = 10;
  const double error =
      std::sqrt(std::max(train.share * (1 - train.share), 0.01) / std::max<double>(1, static_cast<double>(held.count)));
  Check check{"held-out measurements agree", held.share, std::max(0.0, train.share - 3 * error), false, ""};
  check.passed = held.count >= enough && check.value >= check.bound && check.value > least;
  check.meaning = held.count >= enough
                      ? "share of the measurements kept out of the fit that the answer predicts as well as the fitted ones"
                      : "fewer than 10 measurements were kept out of the fit, too few to judge it";
  return check;
}

// `wider`: what fitting as many numbers makes of the two, for honest noise.
Check held_out_width(const Group& train, const Group& held, double data_scale, double wider = 1) {
  const double slack =
      wider * (1.2 + 2.5 * median_error / std::sqrt(std::max<double>(1, held.share * static_cast<double>(held.count))));
  Check check{
      "held-out residuals are as narrow", held.median, slack * std::max(train.median, negligible * data_scale), false,
      "median size of the consistent residuals of held-out measurements, against that of fitted ones with the slack of chance"};
  check.passed = held.count > 0 && check.value <= check.bound;
  return check;
}

Check majority(const Group& train, double bound) {
  return at_least("most measurements fit", train.share, bound, "share of the fitted measurements in the narrow core");
}

Check narrow_core(const Findings& found) {
  const double core = found.data_scale > 0 ? found.answer.noise_scale / found.data_scale : 0;
  return at_most("residuals have a narrow core", core, 0.3, "noise scale of the residuals over the scale of the data");
}

Check rank_gap(double gap) {
  return at_least("rank is clear", gap, clear_gap, "last singular value counted over the next, or over the noise");
}

double numbers_of_rank(const Findings& found, Index r) {
  return static_cast<double>(degrees_of_freedom(r, found.A.rows(), found.A.cols(), found.answer.symmetric));
}

Check per_freedom(const Findings& found, double bound) {
  const Sensed& answer = found.answer;
  const double honest = (1 - answer.outlier_fraction) * static_cast<double>(found.A.measurements());
  return at_least("measurements per degree of freedom", honest / std::max(numbers_of_rank(found, answer.rank), 1.0), bound,
                  "measurements that fit, for each number that a matrix of this rank has");
}

// A run that was stopped on its way has not said its last word; one that still jitters is no better than its jitter.
Check frozen(const Findings& found) {
  const double core = found.data_scale > 0 ? found.answer.noise_scale / found.data_scale : 0;
  Check check{"run came to rest", found.last_change, std::max(negligible, 0.1 * core), false,
              "relative change of the factors in the last step"};
  check.passed = found.last_change <= check.bound && found.answer.result.status != Status::diverged &&
                 found.answer.result.status != Status::interrupted && found.answer.result.status != Status::time_limit;
  return check;
}

// ||A*(w)|| for the signs w of the consistent residuals, against random signs on the same measurements. A singular value that
// the run had no time to learn leaves residuals that agree with held-out ones and look like noise, but add up in A*.
Check no_structure_left(const Findings& found) {
  constexpr std::uint64_t draws = 3;
  constexpr double slack = 1.2;
  std::vector<double> w(found.y.size(), 0.0);
  Index used = 0;
  for (std::size_t e = 0; e < w.size(); ++e) {
    if (!found.fitted[e] || found.answer.outliers[e]) continue;
    const double r = found.answer.residuals[e];
    w[e] = static_cast<double>((r > 0) - (r < 0));
    ++used;
  }
  Check check{structure_check, 0, 0, false,
              "norm of the adjoint of the signs of the residuals, against 1.2 times that of random signs; a longer way, step / "
              "(1 - ratio), may "
              "learn what is left"};
  if (used == 0) return check;
  const double scale = 1.0 / static_cast<double>(used);
  check.value = scale * operator_norm(found.A, w);
  for (std::uint64_t draw = 0; draw < draws; ++draw) {
    const Random random(found.seed, 311 + draw);
    for (std::size_t e = 0; e < w.size(); ++e) {
      if (w[e] != 0) w[e] = random.uniform(static_cast<Index>(e)) < 0.5 ? -1.0 : 1.0;
    }
    check.bound = std::max(check.bound, slack * scale * operator_norm(found.A, w));
  }
  const bool nothing_there = found.answer.noise_scale <= negligible * found.data_scale;
  check.passed = nothing_there || check.value <= check.bound;
  if (nothing_there) check.meaning = "not asked: the residuals are negligible";
  return check;
}

Evidence conclude(std::vector<Check> checks, bool hopeless, Status status) {
  Evidence evidence;
  evidence.verdict = verdict_of(checks, hopeless);
  const bool stopped = status == Status::interrupted || status == Status::time_limit || status == Status::iteration_limit;
  evidence.message = evidence.verdict == Verdict::trusted
                         ? "Held-out measurements agree with the answer, and every check passed."
                         : against(checks, evidence.verdict, stopped, "No matrix was found that explains the measurements.");
  evidence.checks = std::move(checks);
  return evidence;
}

// --- the tuning-free recovery ------------------------------------------------------------------------------------------------

Check sees_all(const TuningFree& free) {
  return at_most("every part of the answer is measured", free.unseen, most_unseen,
                 "share of a random change of the answer that the measurements do not tell");
}

// An exact fit needs no statistics: a generic wrong matrix of this rank fulfils as many equations as it has free numbers, and no
// more. What can still speak against it are corrupted measurements that agree on a matrix of their own.
std::vector<Check> exact_checks(const Findings& found, const TuningFree& free) {
  constexpr double half = 0.5, surplus = 1.2;
  Check exact = majority(group(found, found.answer.residuals, true), half);
  exact.name = "most equations hold exactly";
  exact.meaning =
      "share of the equations that hold to 6 digits, and to 8 for half of them: corrupted ones that are in the minority "
      "cannot bring it about";
  Check enough = per_freedom(found, surplus);
  enough.meaning = "equations that hold exactly, for each number that a matrix of this rank has: a wrong one fulfils one";
  return {exact, enough, sees_all(free), came_to_its_end(found.answer.result.status)};
}

// |X_1 - X_2| of two runs that weigh residuals differently, against the error that the noise explains.
Check second_start(const TuningFree& free) {
  constexpr double slack = 4;
  return at_most(
      "a second start agrees", free.agreement, slack * free.spread,
      "relative distance of two answers found with different scores, against 4 times the error that the noise explains");
}

// The last singular value counted must stand out of what noise makes.
Check above_noise(const Findings& found, const TuningFree& free) {
  const double last = found.answer.rank > 0 ? found.answer.singular_values(found.answer.rank - 1) : 0;
  const double noise = free.edge > 0 ? last / free.edge : 0;
  return at_least("rank stands out of the noise", noise, least_over_edge,
                  "smallest singular value of the answer, over the largest that noise alone would show");
}

// A direction weaker than that is dropped, or never found: it may be missing from the answer, on top of the error within its
// rank.
Check small_error(const Findings& found, const TuningFree& free) {
  const double size = free.X.s.norm();
  const double missing = size > 0 ? least_over_edge * free.edge / size : 0;
  const double error = found.answer.rank > 0 ? std::hypot(free.spread, missing) : 1;
  return at_most("the noise leaves a small error", error, 0.1,
                 "relative error that the noise explains, with a direction that is too weak to be told from it");
}

// With fewer measurements the next direction would pass for noise, however strong it is.
Check sees_one_more(const Findings& found) {
  const Index next = std::min(found.answer.rank + 1, std::min(found.A.rows(), found.A.cols()));
  const double honest = (1 - found.answer.outlier_fraction) * static_cast<double>(found.A.measurements());
  return at_least("one more direction would be seen", honest / numbers_of_rank(found, next), 1.75,
                  "measurements that fit, for each number that a matrix of one rank more has");
}

std::vector<Check> noisy_checks(const Findings& found, const TuningFree& free) {
  const Group train = group(found, free.held_out_residuals, true), held = group(found, free.held_out_residuals, false);
  const Check ended = came_to_its_end(found.answer.result.status);
  if (!ended.passed) return {narrow_core(found), ended};  // partial: no more passes for what cannot be trusted
  const double honest = train.share * static_cast<double>(train.count);
  const double fitted = fitted_share(numbers_of_rank(found, found.answer.rank), honest);
  return {held_out_share(train, held, 0),
          held_out_width(train, held, found.data_scale, widening(fitted)),
          majority(train, 0.52),
          narrow_core(found),
          no_structure_left(found),
          above_noise(found, free),
          sees_one_more(found),
          small_error(found, free),
          second_start(free),
          sees_all(free),
          ended};
}

}  // namespace

Evidence weigh(const Findings& found) {
  const Group train = group(found, found.answer.residuals, true), held = group(found, found.answer.residuals, false);
  const Check agree = held_out_share(train, held, 0.5), core = narrow_core(found), most = majority(train, 0.55),
              gap = rank_gap(found.rank_gap);
  const bool explains = core.passed || (agree.passed && most.passed && gap.passed);
  const bool hopeless = found.answer.result.status == Status::diverged || found.answer.rank == 0 || !explains;
  return conclude({agree, held_out_width(train, held, found.data_scale), most, core, no_structure_left(found), gap,
                   per_freedom(found, 2), frozen(found)},
                  hopeless,
                  found.answer.result.status == Status::iteration_limit ? Status::converged : found.answer.result.status);
}

Evidence weigh(const Findings& found, const TuningFree& free) {
  const Status status = found.answer.result.status;
  if (free.exact) {
    Evidence evidence = conclude(exact_checks(found, free), found.answer.rank == 0, status);
    if (evidence.verdict == Verdict::trusted) evidence.message = "Most measurements hold exactly, and every check passed.";
    return evidence;
  }
  std::vector<Check> checks = noisy_checks(found, free);
  const bool hopeless = status == Status::diverged || found.answer.rank == 0 || !narrow_core(found).passed;
  return conclude(std::move(checks), hopeless, status);
}

}  // namespace gossan::sensing
