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
#include "recover/sense/noisy_fit.hpp"
#include "recover/sense/pursuit.hpp"
#include "recover/sense/statistics.hpp"
#include "recover/sense/thresholding.hpp"
#include "recover/shared/scales.hpp"

namespace gossan::sensing {
namespace {

constexpr double exact_fit = 1e-8;  // of the data's scale: the certificate

constexpr std::array<Score, 3> portfolio = {{{1, 1.5, 0.7}, {1, 2, 0.5}, {0.5, 1.5, 0.7}}};

double distance(const LowRank& X, const LowRank& Y) {
  const auto whole = [](const LowRank& each) -> Matrix { return each.U * each.s.asDiagonal() * each.right().transpose(); };
  return (whole(X) - whole(Y)).norm() / std::max(X.s.norm(), std::numeric_limits<double>::min());
}

class Recovery {
 public:
  Recovery(const Operator& A, std::span<const double> y, bool symmetric, const TuningFreeLimits& limits, History& history,
           const Watch& watch)
      : caller_y_(y), equations_(A, y, symmetric, limits.seed), limits_(limits), log_(limits.iterations, history, watch) {}

  TuningFree recover() {
    TuningFree answer;
    data_scale_ = median_scale(sizes_of(equations_.y()));
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
    Found best = best_of_portfolio(answer);
    answer.X = best.X;
    answer.residuals = std::move(best.residuals);
    answer.scale = best.scale;
    answer.exact = best.scale < exact_fit * data_scale_;
    answer.result.status = best.status;
    if (answer.exact)
      read_exact_rank(answer);
    else if (!log_.stopped(best.status) && best.X.rank() > 0)
      fit_noise(equations_, limits_, log_, answer);
    if (log_.spent()) answer.result.status = Status::iteration_limit;
    answer.result.iterations = log_.steps();
    answer.result.f = answer.scale;
    answer.result.message = describe(answer);
    answer.result.theta = {};
    look_beyond(answer);
    if (answer.residuals.empty()) answer.residuals = equations_.residuals(answer.X);
    if (answer.X.rank() > 0 && !log_.stopped(answer.result.status)) look_at_the_data(answer);
    answer.residuals = to_caller_order(equations_.measurements(), answer.residuals);
    return answer;
  }

 private:
  // Steps 6 and 7.
  Found best_of_portfolio(TuningFree& answer) {
    Pursuit pursuit(equations_, limits_.rank, data_scale_, log_);
    std::vector<Found> runs;
    for (const Score& score : portfolio) {
      runs.push_back(pursuit.run(score));
      if (explains_all(runs.back()) || log_.stopped(runs.back().status)) break;
      const auto agree = [&] {
        return std::abs(runs[0].freedom_scale - runs[1].freedom_scale) < 0.03 * runs[0].freedom_scale &&
               runs[0].X.rank() == runs[1].X.rank();
      };
      if (runs.size() == 2 && agree()) break;
    }
    answer.runs = static_cast<Index>(runs.size());
    std::stable_sort(runs.begin(), runs.end(), [](const Found& a, const Found& b) { return a.freedom_scale < b.freedom_scale; });
    answer.agreement = runs.size() < 2 ? std::numeric_limits<double>::infinity() : distance(runs[0].X, runs[1].X);
    while (!explains_all(runs[0]) && pursuit.one_more_direction(portfolio[0], runs[0])) {
    }
    return runs[0];
  }

  bool explains_all(const Found& found) const { return found.scale < exact_fit * data_scale_; }

  // Step 8: what is certified needs no noise.
  static void read_exact_rank(TuningFree& answer) {
    constexpr double dust = 1e-6;
    const Index rank = (answer.X.s.array() > dust * answer.X.s(0)).count();
    if (rank == answer.X.rank()) return;
    answer.X = truncated(answer.X, rank);
    answer.residuals.clear();
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
    if (answer.exact || log_.stopped(answer.result.status) || answer.X.rank() == 0) return;
    Thresholding iteration(equations_, portfolio[0], std::min(equations_.rows(), equations_.cols()));
    iteration.move_to(answer.X, answer.scale);
    answer.tail = iteration.spectrum_beyond();
  }

  static TuningFree nothing_to_see(TuningFree answer) {
    answer.result.status = Status::converged;
    answer.result.message = "half of the measurements or more are 0, or they are too large to square";
    return answer;
  }

  std::string describe(const TuningFree& answer) const {
    if (log_.stopped(answer.result.status)) return "stopped before the end";
    return fmt::format("{} of the portfolio of {} {}", answer.runs, portfolio.size(),
                       answer.exact ? "tried: most equations hold to 8 digits" : "tried, then least squares on the honest");
  }

  std::span<const double> caller_y_;
  Equations equations_;
  TuningFreeLimits limits_;
  RunLog log_;
  double data_scale_ = 0;
};

}  // namespace

TuningFree tuning_free(const Operator& A, std::span<const double> y, bool symmetric, const TuningFreeLimits& limits,
                       History& history, const Watch& watch) {
  return Recovery(A, y, symmetric, limits, history, watch).recover();
}

}  // namespace gossan::sensing
