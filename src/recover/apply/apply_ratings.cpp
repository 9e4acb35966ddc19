// Further rows by a model of ratings: half sweeps of the rows with the columns held, and to take the rows in one half sweep of
// the columns whose posterior has become their prior (streaming variational Bayes, Broderick et al. 2013).
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <stdexcept>
#include <utility>

#include "gossan/apply.hpp"
#include "recover/complete/left_out.hpp"
#include "recover/complete/student_t.hpp"
#include "recover/shared/checkpoint_file.hpp"
#include "recover/shared/packed.hpp"

namespace gossan {
namespace completing {
namespace {

constexpr Index most_sweeps = 100;
constexpr double rows_settled = 1e-7;
constexpr double least_flagged = 0.003;  // share of flagged entries that chance is reckoned with, where the model saw fewer
constexpr double few_disagree = 0.05, most_disagree = 0.5;

NoiseLaw law_of(const EntryModel& model) {
  const Scale scale{.thresholds = model.thresholds, .random = model.random_share, .reversed = model.reversed_share};
  return {!model.thresholds.empty(), model.mean, model.noise_scale * model.noise_scale, model.nu, scale};
}

// Of each entry the nearest level, in row order.
std::vector<std::uint8_t> nearest_levels(const std::vector<double>& levels, const Entries& entries) {
  std::vector<std::uint8_t> nearest;
  if (levels.size() < 2) return nearest;
  for (const double y : entries.value) {
    const auto above = std::lower_bound(levels.begin() + 1, levels.end() - 1, y);
    nearest.push_back(static_cast<std::uint8_t>(above - levels.begin() - (y - above[-1] < above[0] - y ? 1 : 0)));
  }
  return nearest;
}

// The rows that have entries.
struct SeenRows {
  explicit SeenRows(const Ratings& data) {
    std::vector<Index> place(static_cast<std::size_t>(data.rows), -1);
    for (const Index i : data.i) place[static_cast<std::size_t>(i)] = 0;
    for (Index i = 0; i < data.rows; ++i) {
      Index& at = place[static_cast<std::size_t>(i)];
      if (at == 0) at = static_cast<Index>(row.size()), row.push_back(i);
    }
    Ratings seen{static_cast<Index>(row.size()), data.cols, data.i, data.j, data.value};
    for (Index& i : seen.i) i = place[static_cast<std::size_t>(i)];
    entries = arrange(seen);
  }
  std::vector<Index> row;  // number in the data
  Entries entries;
};

// The noise as the model has it: weights follow the predictions, and nothing is learnt.
class KnownNoise {
 public:
  KnownNoise(const EntryModel& model, const Entries& entries) : entries_(entries) {
    const NoiseLaw law = law_of(model);
    if (law.ordinal) {
      ordinal_.emplace(entries, nearest_levels(model.levels, entries), law.scale);
    } else {
      student_t_.emplace(entries);
      student_t_->start_from(law.mu, law.variance, law.nu);
    }
  }
  void see(const Bilinear& fit) {
    if (ordinal_) {
      show(entries_, fit, *ordinal_);
      ordinal_->weigh();
    } else {
      show(entries_, fit, *student_t_);
    }
  }
  Fitted fitted() const { return ordinal_ ? ordinal_->fitted() : student_t_->fitted(); }

 private:
  const Entries& entries_;
  std::optional<Ordinal> ordinal_;
  std::optional<StudentT> student_t_;
};

// What is known of the rows before these entries: of the model's own their posterior, of new ones what their places say.
struct RowsBefore {
  Matrix mean, covariance, precision;
};
RowsBefore rows_before(const EntryModel& model, const SeenRows& seen) {
  const RowPrior& prior = model.row_prior;
  const Index K = prior.variance.size(), n = seen.entries.rows();
  RowsBefore before{Matrix(n, K), Matrix::Zero(n, packed_size(K)), {}};
  const Posterior own = to_posterior(model.row);
  const Grouped& side = seen.entries.by_row;
  for (Index a = 0; a < n; ++a) {
    const Index i = seen.row[static_cast<std::size_t>(a)];
    if (i < model.rows) {
      before.mean.row(a) = own.mean.row(i);
      before.covariance.row(a) = own.covariance.row(i);
      continue;
    }
    Vector u = Vector::Zero(prior.weights.rows());
    for (Index e = side.start[static_cast<std::size_t>(a)]; e < side.start[static_cast<std::size_t>(a) + 1]; ++e)
      u.head(prior.by_column.cols()) += prior.by_column.row(side.other[static_cast<std::size_t>(e)]).transpose();
    const double degree = 1 + static_cast<double>(side.size(a));
    u /= std::sqrt(degree);
    u(u.size() - 1) = std::log(degree);
    u = u.cwiseMax(prior.lowest).cwiseMin(prior.highest);
    before.mean.row(a) = prior.constant + prior.weights.transpose() * u;
    for (Index k = 0; k < K; ++k) before.covariance(a, packed(k, k)) = prior.variance(k);
  }
  invert_each(before.covariance, K, before.precision);
  return before;
}

// Rows given the columns, and the weights given the rows.
class RowSweeps final : public Iteration {
 public:
  RowSweeps(const Entries& entries, const RowsBefore& before, Bilinear& fit, KnownNoise& noise)
      : entries_(entries), before_(before), fit_(fit), noise_(noise) {
    noise_.see(fit_);
  }
  Iterate step() override {
    Posterior& rows = fit_.row.posterior;
    const Matrix old = rows.mean;
    update_rows(entries_.by_row, fit_.col.moment, noise_.fitted(), {before_.mean, nullptr, &before_.precision}, rows);
    noise_.see(fit_);
    const double moved = (rows.mean - old).norm();
    return {.k = ++k_, .f = moved, .step = 1, .change = moved / std::max(rows.mean.norm(), 1e-300)};
  }
  Params state() const override {
    return {{"row_mean", fit_.row.posterior.mean}, {"row_covariance", fit_.row.posterior.covariance}};
  }
  void restore(const Params& state) override {
    fit_.row.posterior = {state[0].value, state[1].value};
    noise_.see(fit_);
  }

 private:
  const Entries& entries_;
  const RowsBefore& before_;
  Bilinear& fit_;
  KnownNoise& noise_;
  Index k_ = 0;
};

void put_row(const Posterior& from, Index a, RowFactors& to, Index i) {
  const Index R = from.rank();
  to.factor.row(i) = from.mean.row(a).head(R);
  to.bias(i) = from.mean(a, R);
  to.covariance.row(i) = from.covariance.row(a);
}

// The model with as many rows as the data: those that it has posteriors for as these say, new ones without entries unknown.
EntryModel with_rows(const EntryModel& model, Index rows, const SeenRows& seen, const Posterior& posterior) {
  EntryModel with = model;
  with.rows = rows;
  with.row.factor.conservativeResize(rows, Eigen::NoChange);
  with.row.bias.conservativeResize(rows);
  with.row.covariance.conservativeResize(rows, Eigen::NoChange);
  const Posterior unknown = to_posterior(model.row_unknown);
  for (Index i = model.rows; i < rows; ++i) put_row(unknown, 0, with.row, i);
  for (std::size_t a = 0; a < seen.row.size(); ++a) put_row(posterior, static_cast<Index>(a), with.row, seen.row[a]);
  return with;
}

EntryFlags judge_ratings(const EntryModel& model, const Ratings& data, const Entries& entries, const Bilinear& fit) {
  EntryFlags flags;
  flags.residuals = residuals_of(model, data);
  if (!model.score_thresholds.empty()) {
    const std::vector<std::uint8_t> level = nearest_levels(model.levels, entries);
    const LeftOut without = leave_out(entries, predictions(entries, fit), level, law_of(model));
    const Scale scale{model.score_scale, model.score_thresholds, model.random_share, model.reversed_share};
    flags.reliability.resize(data.value.size());
    for (std::size_t e = 0; e < level.size(); ++e)
      flags.reliability[static_cast<std::size_t>(entries.source[e])] = honesty(scale, scale.a * without.score[e], level[e]);
  }
  flag_entries(model, data, flags);
  flag_rows(data, std::max(model.outlier_fraction, least_flagged), flags);
  return flags;
}

Evidence weigh_rows(const EntryFlags& flags, const SeenRows& seen, Status status) {
  const auto rows = static_cast<double>(seen.row.size());
  const auto flagged = std::count(flags.flagged_rows.begin(), flags.flagged_rows.end(), true);
  const double share = static_cast<double>(flagged) / rows;
  Evidence evidence;
  evidence.checks.push_back({"rows agree with the model", share, few_disagree, share <= few_disagree,
                             "share of rows with more flagged ratings than chance allows at the share that the model saw"});
  evidence.message =
      fmt::format("{} of {} rows agree with the model.", seen.row.size() - static_cast<std::size_t>(flagged), seen.row.size());
  if (status != Status::converged && status != Status::iteration_limit) {
    evidence.verdict = Verdict::doubtful;
    evidence.message = "The run was stopped before its end; this is what it had by then.";
  } else {
    evidence.verdict = share <= few_disagree ? Verdict::trusted : share <= most_disagree ? Verdict::doubtful : Verdict::failed;
  }
  return evidence;
}

Bilinear fit_of(const EntryModel& model, Posterior rows) {
  Bilinear fit;
  fit.row.posterior = std::move(rows);
  fit.col.posterior = to_posterior(model.col);
  moments(fit.col.posterior, fit.col.moment);
  return fit;
}

}  // namespace
}  // namespace completing

AppliedRatings apply(const EntryModel& model, const Ratings& data, const Watch& watch) {
  using namespace completing;
  check_entries(data, "apply");
  refuse_checkpoints(watch, "apply");
  if (model.row_prior.variance.size() == 0)
    throw std::invalid_argument("apply: the model has no prior of its rows, expected one of ratings");
  if (data.rows < model.rows || data.cols != model.cols)
    throw std::invalid_argument(fmt::format("apply: data are {} x {}, expected at least the model's {} rows and its {} columns",
                                            data.rows, data.cols, model.rows, model.cols));
  const SeenRows seen(data);
  const RowsBefore before = rows_before(model, seen);
  Bilinear fit = fit_of(model, {before.mean, before.covariance});
  KnownNoise noise(model, seen.entries);
  RowSweeps sweeps(seen.entries, before, fit, noise);
  std::vector<Observer> observers = watch.observers;
  observers.emplace_back([&](const Iterate& at) -> std::optional<Status> {
    if (watch.progress) watch.progress("rows", static_cast<double>(at.k) / static_cast<double>(most_sweeps));
    return std::nullopt;
  });
  const Result result = run(sweeps, {.max_iterations = most_sweeps, .change = rows_settled}, observers);
  AppliedRatings applied;
  applied.model = with_rows(model, data.rows, seen, fit.row.posterior);
  applied.status = result.status;
  applied.sweeps = result.iterations;
  applied.flags = judge_ratings(applied.model, data, seen.entries, fit);
  applied.evidence = weigh_rows(applied.flags, seen, result.status);
  return applied;
}

EntryModel fold_in(const EntryModel& before, const Ratings& data, const AppliedRatings& applied) {
  using namespace completing;
  if (data.rows != applied.model.rows || applied.flags.outliers.size() != data.value.size())
    throw std::invalid_argument("fold_in: data are not those that the model was applied to");
  const SeenRows seen(data);
  const Posterior all = to_posterior(applied.model.row);
  Bilinear fit = fit_of(before, {all.mean(seen.row, Eigen::all), all.covariance(seen.row, Eigen::all)});
  moments(fit.row.posterior, fit.row.moment);
  KnownNoise noise(before, seen.entries);
  noise.see(fit);
  const Fitted told = noise.fitted();
  std::vector<double> weight(told.weight.begin(), told.weight.end());
  const Grouped& rows = seen.entries.by_row;
  for (Index a = 0; a < rows.count(); ++a) {
    if (applied.flags.flagged_rows[static_cast<std::size_t>(seen.row[static_cast<std::size_t>(a)])])
      std::fill_n(weight.begin() + rows.start[static_cast<std::size_t>(a)], rows.size(a), 0.0);
  }
  const Posterior old = fit.col.posterior;
  Matrix precision;
  invert_each(old.covariance, old.rank() + 1, precision);
  update_rows(seen.entries.by_col, fit.row.moment, {told.target, weight, told.offset, told.variance},
              {old.mean, nullptr, &precision}, fit.col.posterior);
  EntryModel after = applied.model;
  for (Index b = 0; b < after.cols; ++b)
    if (seen.entries.by_col.size(b) > 0) put_row(fit.col.posterior, b, after.col, b);
  after.row_unknown = before.row_unknown;  // rows that were flagged have no say in it
  after.col_unknown = average_row(to_posterior(after.col));
  return after;
}

}  // namespace gossan
