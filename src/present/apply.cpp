#include "gossan/apply.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "gossan/io.hpp"
#include "present/account.hpp"
#include "present/entries.hpp"
#include "present/tally.hpp"
#include "recover/shared/marks.hpp"

namespace gossan {
namespace {

constexpr std::array row_fits = {RowFit::fitted, RowFit::misfit, RowFit::unchecked, RowFit::undetermined};

// "today.csv by model.npz"
std::string applied_to(const RunRecord& record) {
  std::string data = "rows", model = "a model";
  for (const auto& [name, role] : record.inputs) {
    if (role.empty()) data = name;
    if (role == "model") model = name;
  }
  return data + " by " + model;
}

struct RowTally {
  std::array<Index, 4> fits{};
  Index observed = 0, outliers = 0;
  Index of(RowFit fit) const { return fits[static_cast<std::size_t>(fit)]; }
};

RowTally row_tally(const std::vector<AppliedRow>& rows) {
  RowTally sum;
  for (const AppliedRow& row : rows) {
    ++sum.fits[static_cast<std::size_t>(row.fit)];
    sum.observed += row.observed;
    sum.outliers += row.outliers;
  }
  return sum;
}

Facts apply_table_facts(const ApplyTableRun& run, const RowTally& sum) {
  const LowRankModel& model = run.model;
  Facts facts = {
      {"model", fmt::format("rank {}, {} columns, from {} rows", model.V.cols(), model.V.rows(), grouped(model.rows_seen))}};
  for (const RowFit fit : row_fits) facts.emplace_back(to_string(fit), grouped(sum.of(fit)));
  facts.emplace_back("outliers", fmt::format("{} of {} entries", grouped(sum.outliers), grouped(sum.observed)));
  add_passed_over_fact(facts, run.passed_over);
  return facts;
}

// The rows that agree least, the least likely first.
TextTable least_agreeing(const ApplyTableRun& run) {
  const auto row = [&](Index i) -> const AppliedRow& { return run.applied.rows[static_cast<std::size_t>(i)]; };
  const std::vector<Index> order = leading(
      std::ssize(run.applied.rows), 20, [&](Index i) { return row(i).outliers > 0; },
      [&](Index a, Index b) { return row(a).chance < row(b).chance; });
  TextTable table{"Rows that agree least", {{"row", "fit", "observed", "outliers", "chance"}}};
  for (const Index i : order)
    table.second.push_back({run.id(i), to_string(row(i).fit), grouped(row(i).observed), grouped(row(i).outliers),
                            fmt::format("{:.2g}", row(i).chance)});
  return table;
}

Chart outliers_chart(const Applied& applied) {
  constexpr Index bins = 20;
  std::vector<double> centre, count(bins, 0.0);
  for (Index b = 0; b < bins; ++b) centre.push_back((static_cast<double>(b) + 0.5) / bins);
  for (const AppliedRow& row : applied.rows) {
    if (row.fit == RowFit::undetermined || row.observed == 0) continue;
    const Index bin = std::min(bins - 1, row.outliers * bins / row.observed);
    count[static_cast<std::size_t>(bin)] += 1;
  }
  return {.kind = Chart::Kind::histogram,
          .title = "Outliers of a row",
          .x_label = "share of its observed entries",
          .y_label = "rows",
          .curves = {{.name = "rows", .x = centre, .y = count}},
          .text = applied.evidence.message};
}

// Nothing is fitted that could be held against the answer.
Account apply_account(Status status, Index rank, double noise_scale) {
  return {.recovery = "apply",
          .status = status,
          .rank = rank,
          .noise_scale = noise_scale,
          .holdout = {{"share", 0.0}},
          .page_lists_options = false};
}

Account apply_table_account(const ApplyTableRun& run, const RowTally& sum) {
  Account account = apply_account(run.applied.status, run.model.V.cols(), run.model.noise_scale);
  account.found = {{{"rows", run.table.rows}, {"cols", run.table.cols}}};
  account.outlier_fraction = sum.observed > 0 ? static_cast<double>(sum.outliers) / static_cast<double>(sum.observed) : 0;
  account.sweeps = 1;
  account.choices = {{"model", "low rank"}};
  Json& details = account.details;
  details["outlier_size"] = run.model.cut;
  details["observed"] = sum.observed;
  details["passed_over"] = run.passed_over;
  for (const RowFit fit : row_fits) details["rows"][to_string(fit)] = sum.of(fit);
  return account;
}

std::ptrdiff_t disagreeing(const EntryFlags& flags) {
  return std::count(flags.flagged_rows.begin(), flags.flagged_rows.end(), true);
}

Account apply_ratings_account(const ApplyRatingsRun& run) {
  const RatingsModel& model = run.model;
  const EntryFlags& flags = run.entries.flags;
  Account account = apply_account(run.applied.status, model.col.factor.cols(), model.noise_scale);
  account.found = {{{"rows", run.rows.size()}, {"cols", model.cols}, {"entries", flags.outliers.size()}}};
  account.outlier_fraction = share_marked(flags.outliers);
  account.iterations = account.sweeps = run.applied.sweeps;
  account.choices = {{"model", model.thresholds.empty() ? "ratings: student-t" : "ratings: ordinal"}, {"format", run.format}};
  Json& details = account.details;
  details["outlier_cut"] = flags.outlier_cut;
  details["observed"] = flags.outliers.size();
  details["passed_over"] = run.passed_over;
  details["known_rows"] = run.known;
  details["new_rows"] = std::ssize(run.rows) - run.known;
  details["flagged_rows"] = disagreeing(flags);
  details["repeated"] = run.repeated;
  if (run.test) details["test"] = test_json(*run.test);
  return account;
}

Facts apply_ratings_facts(const ApplyRatingsRun& run) {
  const RatingsModel& model = run.model;
  const EntryFlags& flags = run.entries.flags;
  Facts facts = {
      {"model",
       fmt::format("{} rows x {} columns, {} components", grouped(model.rows), grouped(model.cols), model.col.factor.cols())},
      {"rows", fmt::format("{} new, {} that the model knew", grouped(std::ssize(run.rows) - run.known), grouped(run.known))},
      {"flagged", fmt::format("{:.2f} % of {} ratings, {} rows", 100 * share_marked(flags.outliers),
                              grouped(std::ssize(flags.outliers)), disagreeing(flags))}};
  add_repeated_fact(facts, run.repeated);
  add_passed_over_fact(facts, run.passed_over);
  add_test_fact(facts, run.test);
  return facts;
}

}  // namespace

std::string ApplyTableRun::id(Index i) const { return ids.empty() ? std::to_string(i) : ids[static_cast<std::size_t>(i)]; }

Presentation present(const ApplyTableRun& run, const RunRecord& record) {
  check_count(run.ids, run.table.rows, "ids of rows");
  const RowTally sum = row_tally(run.applied.rows);
  Report page{.title = fmt::format("{} rows scored by a model", grouped(std::ssize(run.applied.rows))),
              .subtitle = applied_to(record),
              .evidence = run.applied.evidence,
              .facts = apply_table_facts(run, sum),
              .charts = {outliers_chart(run.applied)},
              .tables = {least_agreeing(run)}};
  return presentation(apply_table_account(run, sum), record, std::move(page));
}

Matrix filled(const ApplyTableRun& run) {
  const LowRankModel& model = run.model;
  Matrix X(run.table.rows, run.table.cols);
  each_row(run.table, [&](Index i, const double* row) {
    const bool known = run.applied.rows[static_cast<std::size_t>(i)].fit != RowFit::undetermined;
    const Eigen::RowVectorXd fit = run.applied.C.row(i) * model.V.transpose() * model.col_unit.asDiagonal();
    for (Index j = 0; j < X.cols(); ++j) X(i, j) = std::isnan(row[j]) && known ? fit(j) : row[j];
  });
  return X;
}

std::string applied_rows_csv(const ApplyTableRun& run) {
  check_count(run.ids, run.table.rows, "ids of rows");
  std::string text = "row,fit,observed,outliers,chance\n";
  for (Index i = 0; i < std::ssize(run.applied.rows); ++i) {
    const AppliedRow& row = run.applied.rows[static_cast<std::size_t>(i)];
    text += csv_line({run.id(i), to_string(row.fit), std::to_string(row.observed), std::to_string(row.outliers),
                      fmt::format("{:.3g}", row.chance)});
  }
  return text;
}

Presentation present(const ApplyRatingsRun& run, const RunRecord& record) {
  Report page{.title = fmt::format("{} ratings scored by a model", grouped(std::ssize(run.entries.flags.outliers))),
              .subtitle = applied_to(record),
              .evidence = run.applied.evidence,
              .facts = apply_ratings_facts(run),
              .tables = {worst_rows(run.entries), worst_cols(run.entries)}};
  return presentation(apply_ratings_account(run), record, std::move(page));
}

Matrix filled(const ApplyRatingsRun& run, const ClipRange& range) {
  const EntryModel& model = run.entries.model;
  Matrix X(std::ssize(run.rows), model.cols);
  std::vector<Index> j(static_cast<std::size_t>(model.cols)), place(static_cast<std::size_t>(model.rows), -1);
  std::iota(j.begin(), j.end(), Index{0});
  for (std::size_t k = 0; k < run.rows.size(); ++k) {
    const Predictions row = predict_within(range, model, std::vector<Index>(j.size(), run.rows[k]), j);
    X.row(static_cast<Index>(k)) = Eigen::Map<const Eigen::RowVectorXd>(row.mean.data(), model.cols);
    place[static_cast<std::size_t>(run.rows[k])] = static_cast<Index>(k);
  }
  const Ratings& given = run.entries.ratings;
  for (std::size_t e = 0; e < given.value.size(); ++e)
    X(place[static_cast<std::size_t>(given.i[e])], given.j[e]) = given.value[e];
  return X;
}

}  // namespace gossan
