// The checks of complete and the verdict drawn from them.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "recover/complete/recipes.hpp"
#include "recover/shared/checks.hpp"
#include "recover/shared/scales.hpp"

namespace gossan::completing {
namespace {

void check_ratings(const Completed& answer, std::vector<Check>& checks) {
  if (!std::isnan(answer.holdout_coverage)) {
    constexpr double tolerance = 0.04;
    checks.push_back(
        at_most("the standard deviations hold", std::abs(answer.holdout_coverage - 0.9), tolerance,
                fmt::format("{:.1f} % of the held-out ratings lie within their 90 % interval; this is how far off that is",
                            100 * answer.holdout_coverage)));
  }
  if (!std::isnan(answer.random_share))
    checks.push_back(at_most("most ratings are honest", answer.random_share + answer.reversed_share, 0.5,
                             "estimated shares of random and of reversed ratings together, which is more than there are"));
}

void check_low_rank(const Problem& problem, const Completed& answer, std::vector<Check>& checks) {
  const double size = root_mean_square(problem.data.value);
  // More equations than unknowns hold exactly for no matrix of that rank but a true one: no held-out entry says more.
  if (answer.noise_scale <= exact_share * size) {
    checks.push_back(at_most("the entries hold exactly", answer.noise_scale, exact_share * size,
                             "root mean square residual, against 1e-8 of the entries"));
  } else {
    constexpr double several = 3;
    checks.push_back(
        at_most("held-out entries agree with fitted ones", answer.holdout_error, several * answer.noise_scale,
                "root mean square error of entries that took no part, against three times the noise of those that did"));
    constexpr double half = 0.5;
    checks.push_back(at_most("better than row and column means", answer.holdout_error, half * answer.bias_error,
                             "root mean square error of held-out entries, against half that of means of rows and columns alone"));
  }
  if (answer.method == "inductive") return;  // rows hang together: none needs entries of its own
  std::vector<Index> in_row(static_cast<std::size_t>(problem.data.rows), 0),
      in_col(static_cast<std::size_t>(problem.data.cols), 0);
  for (std::size_t e = 0; e < problem.data.value.size(); ++e) {
    ++in_row[static_cast<std::size_t>(problem.data.i[e])];
    ++in_col[static_cast<std::size_t>(problem.data.j[e])];
  }
  const auto short_of = [&](const std::vector<Index>& counts) {
    return std::count_if(counts.begin(), counts.end(), [&](Index count) { return count < answer.rank; });
  };
  checks.push_back(at_most("rows and columns are determined", static_cast<double>(short_of(in_row) + short_of(in_col)), 0,
                           "rows and columns with fewer entries than the rank: infinitely many answers fit these"));
}

}  // namespace

Evidence weigh(const Problem& problem, const Completed& answer) {
  Evidence evidence;
  const auto n = static_cast<double>(problem.data.value.size());
  const bool low_rank = answer.method == "pursuit" || answer.method == "inductive";
  if (!answer.row.factor.allFinite() || !answer.col.factor.allFinite() || answer.status == Status::diverged) {
    evidence.message = "The fit left the finite numbers; the answer is no use.";
    return evidence;
  }
  std::vector<Check>& checks = evidence.checks;
  const bool held = !problem.heldout.value.empty();
  checks.push_back({"entries were held out", static_cast<double>(problem.heldout.value.size()), 10, held,
                    "entries that took no part until the end, to judge the fit by"});
  if (held && !low_rank)
    checks.push_back(
        at_most("better than row and column means", answer.holdout_trimmed, answer.bias_trimmed,
                "root mean square error of held-out entries, without as many of the largest as are bad, against that of "
                "means of rows and columns alone"));
  constexpr double enough = 1.2;
  checks.push_back(at_least("entries per unknown", n / std::max(answer.unknowns, 1.0), enough,
                            low_rank ? "entries over rank (rows + cols - rank)"
                                     : "ratings over the number of unknowns that they, not the priors, settle"));
  if (low_rank)
    check_low_rank(problem, answer, checks);
  else
    check_ratings(answer, checks);
  const auto failed = std::find_if(checks.begin(), checks.end(), [](const Check& check) { return !check.passed; });
  const bool stopped = answer.status != Status::converged;
  if (stopped) {
    evidence.verdict = Verdict::doubtful;
    evidence.message = "The run was stopped before its end; this is what it had by then.";
  } else if (failed != checks.end()) {
    evidence.verdict = Verdict::doubtful;
    evidence.message = fmt::format("Not to be relied on: the check '{}' failed ({:.3g}, against {:.3g}).", failed->name,
                                   failed->value, failed->bound);
  } else {
    evidence.verdict = Verdict::trusted;
    evidence.message = low_rank ? fmt::format("One matrix of rank {} explains the entries.", answer.rank)
                                : fmt::format(
                                      "Predictions are off by {:.3g} (root mean square on held-out ratings; means of rows and "
                                      "columns: {:.3g}), and know how far: the standard deviations hold.",
                                      answer.holdout_error, answer.bias_error);
  }
  return evidence;
}

}  // namespace gossan::completing
