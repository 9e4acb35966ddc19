#include "recover/rank_path/weigh.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "recover/shared/checks.hpp"
#include "recover/shared/freedom.hpp"
#include "recover/shared/holdout.hpp"

namespace gossan::rank_paths {
namespace {

// Scales, where the held_out_width of `sense` has medians within a cut: here none is known before all rows are fitted.
Check held_out_agree(const RankSearch& search, const RowSample& sample) {
  constexpr double few = 100;
  const RankFit& fit = search.chosen;
  const auto held = static_cast<double>(sample.held_out.size());
  const auto numbers = static_cast<double>(degrees_of_freedom(fit.rank(), sample.Y.rows(), sample.Y.cols()));
  const double fitted = fitted_share(numbers, static_cast<double>(sample.observed) - held);
  Check check{"held-out entries agree", fit.training > 0 ? fit.held_out / fit.training : 1, 0, false,
              "median size of the residuals of entries kept out of the fit, over that of those in it"};
  check.bound = widening(fitted) * (1.1 + 3 * median_error / std::sqrt(std::max(1.0, held)));
  const bool both_vanish = fit.held_out <= 1e-9 * search.tried.front().held_out;
  check.passed = held >= few && (both_vanish || check.value <= check.bound);
  if (held < few) check.meaning = "fewer than 100 entries were kept out of the fit, too few to judge it";
  return check;
}

Check explains(const RankSearch& search) {
  const double nothing = search.tried.front().held_out;
  Check check{"the low-rank part predicts", nothing > 0 ? search.chosen.held_out / nothing : 1, 0.5, false,
              "median size of held-out residuals, over that of the entries themselves"};
  check.passed = search.chosen.rank() > 0 && check.value <= check.bound;
  return check;
}

Check next_tells_little(const RankSearch& search) {
  const bool exact = search.chosen.rank() > 0 && search.chosen.held_out <= 1e-9 * search.tried.front().held_out;
  Check check{"one more direction tells little", exact ? 1 : search.next, 0.95, false,
              "held-out scale of the next rank over that of this one"};
  if (std::isnan(check.value)) {
    check.value = 0;
    check.meaning = "the next rank was not tried: as many directions as allowed were used, or the run was stopped";
  }
  check.passed = check.value >= check.bound;
  return check;
}

Check share_explained(const char* name, const char* meaning, std::size_t failed, std::size_t all) {
  return at_least(name, all > 0 ? 1 - static_cast<double>(failed) / static_cast<double>(all) : 0, 0.75, meaning);
}

}  // namespace

Evidence weigh(const Decomposed& answer, const RankSearch& search, const RowSample& sample) {
  const auto seen = [](Index all, const std::vector<Index>& unseen) { return static_cast<std::size_t>(all) - unseen.size(); };
  Evidence evidence;
  evidence.checks = {
      held_out_agree(search, sample),
      explains(search),
      next_tells_little(search),
      {"most entries fit", 1 - answer.outlier_fraction, 0.6, answer.outlier_fraction <= 0.4,
       "share of the entries within 3 noise scales"},
      share_explained("rows are explained", "share of the rows of whose entries at least half fit", answer.doubtful_rows.size(),
                      seen(answer.L.rows(), answer.unseen_rows)),
      share_explained("columns are explained", "share of the columns of whose entries at least half fit",
                      answer.doubtful_cols.size(), seen(answer.R.rows(), answer.unseen_cols)),
      came_to_its_end(answer.status),
  };
  evidence.verdict = verdict_of(evidence.checks, answer.rank == 0 || answer.status == Status::diverged);
  const bool passed = evidence.verdict == Verdict::trusted;
  if (passed && search.read_off) {
    evidence.message =
        fmt::format("Entries kept out of the fit agree with it, and nothing but noise is left beside rank {}.", answer.rank);
  } else if (passed) {
    evidence.message = fmt::format(
        "Entries kept out of the fit agree with it. What is left beside rank {} is not noise alone, as in all real data, but one "
        "more "
        "direction lowers the held-out scale by less than 5 %.",
        answer.rank);
  } else {
    evidence.message =
        against(evidence.checks, evidence.verdict, answer.status != Status::converged, "No low-rank part was found.");
  }
  return evidence;
}

}  // namespace gossan::rank_paths
