// After the measured prototype of robust iterative thresholding with a median scale, a rank threshold at the noise level, and a
// Gauss-Newton finish on the honest measurements. The numbered steps are those of docs/sense.md.
#include "recover/sense/tuning_free.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <iterator>
#include <limits>

#include "recover/sense/equations.hpp"
#include "recover/sense/gauss_newton.hpp"
#include "recover/sense/holdout.hpp"
#include "recover/sense/scales.hpp"
#include "recover/sense/statistics.hpp"
#include "recover/sense/thresholding.hpp"

namespace gossan::sensing {
namespace {

constexpr double exact_fit = 1e-8;      // of the data's scale: the certificate
constexpr double nothing_left = 1e-10;  // where a run stops

constexpr std::array<Score, 3> portfolio = {{{1, 1.5, 0.7}, {1, 2, 0.5}, {0.5, 1.5, 0.7}}};

std::vector<double> sizes_of(const std::vector<double>& residuals) {
  std::vector<double> sizes(residuals.size());
  std::transform(residuals.begin(), residuals.end(), sizes.begin(), [](double r) { return std::abs(r); });
  return sizes;
}

// One run of the portfolio: where it has been.
class Course {
 public:
  static constexpr Index most_steps = 300;

  explicit Course(double first_scale) : first_(first_scale) {}

  void add(double scale, Index rank) {
    scales_.push_back(scale);
    ranks_.push_back(rank);
  }
  void replace_last(double scale) { scales_.back() = scale; }

  // Nothing more is to be gained: all is explained, all is lost, or 30 steps brought no 2 %.
  bool at_end() const {
    constexpr std::size_t patience = 30, first_steps = 60;
    constexpr double lost = 50, gain = 0.98;
    if (scales_.back() <= nothing_left * first_ || scales_.back() > lost * first_ || !std::isfinite(scales_.back())) return true;
    return scales_.size() > first_steps &&
           least(scales_.size() - patience, scales_.size()) > gain * least(0, scales_.size() - patience);
  }
  // The rank has settled, and the scale either falls steadily from far below its start, or no more.
  bool ready_for_newton(Index last_try) const {
    constexpr std::size_t settled = 6, recent = 10;
    constexpr Index apart = 8;
    const std::size_t k = scales_.size();
    if (k <= recent || static_cast<Index>(k) - last_try < apart) return false;
    if (std::any_of(ranks_.end() - settled, ranks_.end(), [&](Index rank) { return rank != ranks_.back(); })) return false;
    const double now = scales_.back();
    const bool falling = now < 0.2 * first_ && now < 0.9 * scales_[k - settled];
    return falling || least(k - recent, k) > 0.95 * least(0, k - recent);
  }
  Index steps() const { return static_cast<Index>(scales_.size()); }

 private:
  double least(std::size_t first, std::size_t last) const {
    return *std::min_element(scales_.begin() + static_cast<std::ptrdiff_t>(first),
                             scales_.begin() + static_cast<std::ptrdiff_t>(last));
  }
  double first_;
  std::vector<double> scales_;
  std::vector<Index> ranks_;
};

struct Run {
  LowRank X;
  std::vector<double> residuals;  // exact; empty where they are not known
  double scale = std::numeric_limits<double>::infinity();
  double freedom_scale = std::numeric_limits<double>::infinity();  // scale / (1 - freedom / n): what a run is judged by
  Status status = Status::converged;
};

class Recovery {
 public:
  Recovery(const Operator& A, std::span<const double> y, bool symmetric, const TuningFreeLimits& limits, History& history,
           const Watch& watch)
      : caller_y_(y), equations_(A, y, symmetric, limits.seed), limits_(limits), history_(history), watch_(watch) {}

  TuningFree recover() {
    TuningFree answer;
    const std::vector<double> sizes = sizes_of({equations_.y().begin(), equations_.y().end()});
    data_scale_ = median_scale(sizes);
    answer.X = zero(equations_.rows(), equations_.cols(), equations_.symmetric());
    answer.fitted.assign(caller_y_.size(), true);
    std::transform(caller_y_.begin(), caller_y_.end(), std::back_inserter(answer.residuals), std::negate<>());
    answer.held_out_residuals = answer.residuals;
    if (!(data_scale_ > 0) || !std::isfinite(data_scale_)) return nothing_to_see(std::move(answer));
    if (!(equations_.gain() > 0) || !std::isfinite(equations_.gain())) {
      answer.result.status = Status::diverged;
      answer.result.message = "the measurement matrices are all 0, or too large or too small to square";
      return answer;
    }
    Run best = best_of_portfolio(answer);
    while (one_more_direction(best)) {
    }
    answer.X = best.X;
    answer.residuals = std::move(best.residuals);
    answer.scale = best.scale;
    answer.exact = best.scale < exact_fit * data_scale_;
    answer.result.status = best.status;
    if (answer.exact)
      read_exact_rank(answer);
    else if (!stopped(best.status) && best.X.rank() > 0)
      fit_noise(answer);
    if (seen_ >= limits_.iterations) answer.result.status = Status::iteration_limit;
    answer.result.iterations = seen_;
    answer.result.f = answer.scale;
    answer.result.message = describe(answer);
    answer.result.theta = {};
    look_beyond(answer);
    if (answer.residuals.empty()) answer.residuals = equations_.residuals(answer.X);
    if (answer.X.rank() > 0 && !stopped(answer.result.status)) look_at_the_data(answer);
    answer.residuals = to_caller_order(equations_.measurements(), answer.residuals);
    return answer;
  }

 private:
  // Step 6.
  Run best_of_portfolio(TuningFree& answer) {
    std::vector<Run> runs;
    for (const Score& score : portfolio) {
      runs.push_back(pursue(score));
      if (runs.back().scale < exact_fit * data_scale_ || stopped(runs.back().status)) break;
      const auto agree = [&] {
        return std::abs(runs[0].freedom_scale - runs[1].freedom_scale) < 0.03 * runs[0].freedom_scale &&
               runs[0].X.rank() == runs[1].X.rank();
      };
      if (runs.size() == 2 && agree()) break;
    }
    answer.runs = static_cast<Index>(runs.size());
    std::stable_sort(runs.begin(), runs.end(), [](const Run& a, const Run& b) { return a.freedom_scale < b.freedom_scale; });
    answer.agreement = runs.size() < 2 ? std::numeric_limits<double>::infinity() : distance(runs[0].X, runs[1].X);
    return runs[0];
  }

  static double distance(const LowRank& X, const LowRank& Y) {
    const auto whole = [](const LowRank& each) -> Matrix { return each.U * each.s.asDiagonal() * each.right().transpose(); };
    return (whole(X) - whole(Y)).norm() / std::max(X.s.norm(), std::numeric_limits<double>::min());
  }

  // Steps 2 to 5.
  Run pursue(const Score& score) {
    Thresholding iteration(equations_, score, limits_.rank);
    const double first = iteration.scale();
    Course course(first);
    Run best;
    best.X = zero(equations_.rows(), equations_.cols(), equations_.symmetric());
    Index last_try = -Course::most_steps, tried_rank = 0;
    double tried_scale = std::numeric_limits<double>::infinity();
    while (course.steps() < Course::most_steps) {
      bool at_end = false;
      std::vector<Observer> observers = observers_of("thresholding");
      observers.emplace_back([&](const Iterate&) -> std::optional<Status> {
        course.add(iteration.scale(), iteration.before().rank());
        keep(best, iteration.before(), iteration.scale());
        at_end = course.at_end();
        if (at_end || course.ready_for_newton(last_try)) return Status::converged;
        return std::nullopt;
      });
      const Result result = run(iteration, {.max_iterations = Course::most_steps - course.steps()}, observers);
      if (stopped(result.status)) best.status = result.status;
      if (at_end || result.status != Status::converged) break;

      Run polished = polish(iteration.before(), residuals_of(iteration), first);
      if (stopped(polished.status)) best.status = polished.status;
      const Index rank = iteration.before().rank();
      const bool rank_again = rank == tried_rank;
      last_try = course.steps();
      tried_rank = rank;
      if (polished.scale > iteration.scale() || stopped(polished.status)) {
        if (rank_again || stopped(polished.status)) break;
        continue;
      }
      const bool nothing_new = rank_again && polished.scale > 0.97 * tried_scale;
      tried_scale = polished.scale;
      keep(best, polished.X, polished.scale, polished.residuals);
      if (polished.scale <= nothing_left * first || nothing_new) break;
      course.replace_last(polished.scale);
      iteration.move_to(polished.X, polished.scale);
    }
    return best;
  }

  // Those that a step has seen, where it has seen all of them.
  std::vector<double> residuals_of(const Thresholding& iteration) const {
    return equations_.has_mean() ? equations_.residuals(iteration.before()) : iteration.residuals();
  }

  void keep(Run& best, const LowRank& X, double scale, std::vector<double> residuals = {}) const {
    if (!(scale < best.scale)) return;
    constexpr double least_share = 0.05;
    best.X = X;
    best.residuals = std::move(residuals);
    best.scale = scale;
    best.freedom_scale =
        scale / std::max(1 - degrees_of_freedom(X, X.rank()) / static_cast<double>(equations_.count()), least_share);
  }

  // Step 5: the median scale of where Gauss-Newton leads from X.
  Run polish(const LowRank& X, std::vector<double> residuals, double first) {
    constexpr Index most_rounds = 6;
    constexpr double still_falling = 0.97, nothing = 1e-11;
    Run best;
    if (X.rank() == 0) return best;
    GaussNewton iteration(equations_, X, residuals);
    double least = iteration.scale();
    best.X = X;
    std::vector<Observer> observers = observers_of("gauss-newton");
    observers.emplace_back([&](const Iterate& at) -> std::optional<Status> {
      const double now = iteration.scale();
      if (now < least) {
        best.X = iteration.matrix();
        best.residuals = residuals = iteration.residuals();
      }
      const bool at_rest = now < nothing * first || now > still_falling * at.f || !std::isfinite(now);
      least = std::min(least, now);
      return at_rest ? std::optional(Status::converged) : std::nullopt;
    });
    const Result result = run(iteration, {.max_iterations = most_rounds}, observers);
    best.status = result.status;
    best.scale = median_scale(sizes_of(residuals));
    return best;
  }

  // Step 7: a weak direction that every run has missed passes for noise. From the largest of what a gradient step finds beyond
  // the rank, Gauss-Newton tells: with it the scale falls clearly, by more than a further rank explains.
  bool one_more_direction(Run& best) {
    constexpr double clearly = 0.5;
    const Index next = best.X.rank() + 1;
    if (best.scale < exact_fit * data_scale_ || stopped(best.status) || best.X.rank() == 0 || next > limits_.rank) return false;
    Thresholding iteration(equations_, portfolio[0], limits_.rank);
    iteration.move_to(best.X, best.scale);
    const LowRank wider = iteration.step_to_rank(next);
    if (wider.rank() < next) return false;
    const Run polished = polish(wider, equations_.residuals(wider), data_scale_);
    Run more;
    keep(more, polished.X, polished.scale, polished.residuals);
    more.status = polished.status;
    if (!(more.freedom_scale < clearly * best.freedom_scale)) return false;
    best = more;
    return true;
  }

  // Step 8: what is certified needs no noise.
  static void read_exact_rank(TuningFree& answer) {
    constexpr double dust = 1e-6;
    const Index rank = (answer.X.s.array() > dust * answer.X.s(0)).count();
    if (rank == answer.X.rank()) return;
    answer.X = truncated(answer.X, rank);
    answer.residuals.clear();
  }

  // Step 9: least squares on the honest equations, found together with their scale; first without those that are held out, so
  // that they can be asked, then with all.
  void fit_noise(TuningFree& answer) {
    constexpr Index enough = 40, most_share = 5;
    const Index least = limits_.holdout > 0 ? std::min(enough, equations_.count() / most_share) : 0;
    answer.fitted = choose_fitted(equations_.count(), limits_.holdout, limits_.seed, least);
    std::vector<double> marks(answer.fitted.begin(), answer.fitted.end());
    marks = to_sweep_order(equations_.measurements(), marks);
    const std::vector<char> fitted(marks.begin(), marks.end());
    std::vector<double>& residuals = answer.residuals;
    if (residuals.empty()) residuals = equations_.residuals(answer.X);
    rest(answer, fitted, residuals);
    while (answer.X.rank() > 1 && answer.X.s(answer.X.rank() - 1) < least_over_edge * answer.edge) {
      answer.X = truncated(answer.X, answer.X.rank() - 1);
      residuals = equations_.residuals(answer.X);
      rest(answer, fitted, residuals);
    }
    answer.held_out_residuals = to_caller_order(equations_.measurements(), residuals);
    if (stopped(answer.result.status)) return;
    rest(answer, std::vector<char>(fitted.size(), 1), residuals);
  }

  // residuals: of answer.X, before and after.
  void rest(TuningFree& answer, const std::vector<char>& fitted, std::vector<double>& residuals) {
    constexpr int most_rounds = 10;
    std::vector<char> honest, last;
    for (int round = 0; round < most_rounds; ++round) {
      std::vector<double> sizes;
      for (std::size_t e = 0; e < residuals.size(); ++e) {
        if (fitted[e] != 0) sizes.push_back(std::abs(residuals[e]));
      }
      const double freedom = degrees_of_freedom(answer.X, answer.X.rank());
      const Trimmed trimmed = resting_scale(sizes, freedom);
      answer.scale = trimmed.scale;
      last = std::move(honest);
      honest.assign(residuals.size(), 0);
      double count = 0;
      for (std::size_t e = 0; e < residuals.size(); ++e) {
        honest[e] = fitted[e] != 0 && std::abs(residuals[e]) <= trimmed.cut ? 1 : 0;
        count += honest[e];
      }
      answer.spread = answer.scale / equations_.gain() * std::sqrt(freedom / std::max(count, 1.0)) /
                      std::max(answer.X.s.norm(), std::numeric_limits<double>::min());
      answer.edge = equations_.noise_edge(answer.scale, std::max(count, 1.0));
      if (honest == last) break;
      GaussNewton iteration(equations_, answer.X, residuals, honest);
      const std::vector<Observer> observers = observers_of("least squares");
      const Result result = run(iteration, {.max_iterations = 2}, observers);
      answer.X = iteration.matrix();
      residuals = iteration.residuals();
      if (stopped(result.status)) {
        answer.result.status = result.status;
        return;
      }
    }
  }

  // Whether the honest measurements see all of X, and how far noise can move it.
  void look_at_the_data(TuningFree& answer) const {
    const std::vector<double>& residuals = answer.residuals;
    const double cut = std::max(3 * answer.scale, negligible * data_scale_);
    std::vector<char> honest(residuals.size());
    std::transform(residuals.begin(), residuals.end(), honest.begin(), [&](double r) { return std::abs(r) <= cut ? 1 : 0; });
    answer.unseen = unseen(equations_, answer.X, honest, limits_.seed, most_unseen);
    if (answer.exact) return;
    const double drawn = answer.scale * drawn_error(equations_, answer.X, honest, limits_.seed) / answer.X.s.norm();
    answer.spread = std::max(answer.spread, drawn);
  }

  // What one more gradient step finds beyond the rank, against what noise makes of it.
  void look_beyond(TuningFree& answer) const {
    if (answer.exact || stopped(answer.result.status) || answer.X.rank() == 0) return;
    Thresholding iteration(equations_, portfolio[0], std::min(equations_.rows(), equations_.cols()));
    iteration.move_to(answer.X, answer.scale);
    answer.tail = iteration.spectrum_beyond();
  }

  static TuningFree nothing_to_see(TuningFree answer) {
    answer.result.status = Status::converged;
    answer.result.message = "half of the measurements or more are 0, or they are too large to square";
    return answer;
  }

  // The end of a run that its watchers did not want to go on.
  bool stopped(Status status) const {
    return status == Status::interrupted || status == Status::time_limit || seen_ >= limits_.iterations;
  }

  std::string describe(const TuningFree& answer) const {
    if (stopped(answer.result.status)) return "stopped before the end";
    return fmt::format("{} of the portfolio of {} {}", answer.runs, portfolio.size(),
                       answer.exact ? "tried: most equations hold to 8 digits" : "tried, then least squares on the honest");
  }

  std::vector<Observer> observers_of(const std::string& phase) {
    std::vector<Observer> observers = watch_.observers;
    observers.push_back(record(history_, phase));
    observers.emplace_back([this, phase](const Iterate&) -> std::optional<Status> {
      ++seen_;
      // Of unknown length: the bar comes ever closer to its end.
      if (watch_.progress) watch_.progress(phase, 1 - std::exp(-static_cast<double>(seen_) / 100.0));
      return seen_ >= limits_.iterations ? std::optional(Status::iteration_limit) : std::nullopt;
    });
    return observers;
  }

  std::span<const double> caller_y_;
  Equations equations_;
  TuningFreeLimits limits_;
  History& history_;
  const Watch& watch_;
  double data_scale_ = 0;
  Index seen_ = 0;  // steps of all runs
};

}  // namespace

TuningFree tuning_free(const Operator& A, std::span<const double> y, bool symmetric, const TuningFreeLimits& limits,
                       History& history, const Watch& watch) {
  return Recovery(A, y, symmetric, limits, history, watch).recover();
}

}  // namespace gossan::sensing
