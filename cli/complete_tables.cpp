#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <stdexcept>

#include "complete_output.hpp"
#include "gossan/io.hpp"
#include "text.hpp"

namespace gossan::cli {
namespace {

std::string unknown_of(Index i, Index j) {
  if (i < 0 && j < 0) return "both";
  if (i < 0) return "row";
  return j < 0 ? "column" : "";
}

// id, bias, number of entries and of flagged ones of each row or column, or of those that are listed.
std::string side_csv(const CompleteRun& run, const IdTable& ids, const std::vector<Index>& own, const Vector& bias,
                     const std::vector<bool>& flagged_side, const std::vector<Index>& listed) {
  std::vector<Index> entries(static_cast<std::size_t>(ids.count()), 0), flagged(entries);
  for (std::size_t e = 0; e < own.size(); ++e) {
    ++entries[static_cast<std::size_t>(own[e])];
    if (run.flags.outliers[e]) ++flagged[static_cast<std::size_t>(own[e])];
  }
  std::string text = flagged_side.empty() ? "id,bias,entries,flagged\n" : "id,bias,entries,flagged,disagrees\n";
  std::vector<Index> order = listed;
  if (order.empty()) {
    order.resize(static_cast<std::size_t>(ids.count()));
    std::iota(order.begin(), order.end(), Index{0});
  }
  for (const Index a : order) {
    const auto at = static_cast<std::size_t>(a);
    std::vector<std::string> cells = {ids.name(a), csv_number(bias(a)), fmt::format("{}", entries[at]),
                                      fmt::format("{}", flagged[at])};
    if (!flagged_side.empty()) cells.emplace_back(flagged_side[at] ? "yes" : "no");
    text += csv_line(cells);
  }
  return text;
}

}  // namespace

Json to_json(const TestErrors& errors) {
  return {{"count", errors.count},
          {"unknown", errors.unknown},
          {"rmse", errors.rmse},
          {"mae", errors.mae},
          {"coverage", errors.coverage}};
}

std::string to_text(const TestErrors& errors) {
  return fmt::format("RMSE {:.4f}, MAE {:.4f}, {:.1f} % within their 90 % interval, {} with unknown ids", errors.rmse, errors.mae,
                     100 * errors.coverage, grouped(errors.unknown));
}

ClipRange parse_range(const std::string& text) {
  if (text.empty()) return {};
  const std::size_t colon = text.find(':');
  const auto refuse = [&] {
    throw std::invalid_argument(fmt::format("option 'range' is '{}', expected LEAST:MOST with LEAST < MOST, such as 1:5", text));
  };
  if (colon == std::string::npos) refuse();
  const auto least = as_finite(text.substr(0, colon)), most = as_finite(text.substr(colon + 1));
  if (!least || !most || !(*least < *most)) refuse();
  return {*least, *most};
}

Answers answers(const CompleteRun& run, const std::vector<Index>& i, const std::vector<Index>& j) {
  Answers all{std::vector<double>(i.size()), std::vector<double>(i.size())};
  predict(run.model, i, j, all.mean, all.sd);
  for (double& each : all.mean) each = std::clamp(each, run.range.least, run.range.most);
  return all;
}

std::string predictions_csv(const CompleteRun& run, const NamedPairs& pairs) {
  const Answers all = answers(run, pairs.i, pairs.j);
  std::string text = "row,col,value,sd,unknown\n";
  for (std::size_t e = 0; e < pairs.i.size(); ++e)
    text += csv_line(
        {pairs.row[e], pairs.col[e], csv_number(all.mean[e]), csv_number(all.sd[e]), unknown_of(pairs.i[e], pairs.j[e])});
  return text;
}

TestErrors test_errors(const CompleteRun& run, const NamedPairs& pairs) {
  const Answers all = answers(run, pairs.i, pairs.j);
  TestErrors errors{.count = static_cast<Index>(pairs.i.size())};
  constexpr double normal_90 = 1.6448536269514722;
  for (std::size_t e = 0; e < pairs.i.size(); ++e) {
    const double r = std::abs(pairs.value[e] - all.mean[e]);
    errors.rmse += r * r;
    errors.mae += r;
    errors.coverage += r <= normal_90 * all.sd[e] ? 1 : 0;
    errors.unknown += pairs.i[e] < 0 || pairs.j[e] < 0 ? 1 : 0;
  }
  const auto n = static_cast<double>(std::max<Index>(errors.count, 1));
  errors.rmse = std::sqrt(errors.rmse / n);
  errors.mae /= n;
  errors.coverage /= n;
  return errors;
}

std::string rows_csv(const CompleteRun& run, const std::vector<Index>& rows) {
  return side_csv(run, run.data.row_ids, run.data.ratings.i, run.model.row.bias, run.flags.flagged_rows, rows);
}

std::string cols_csv(const CompleteRun& run) {
  return side_csv(run, run.data.col_ids, run.data.ratings.j, run.model.col.bias, {}, {});
}

std::string flagged_csv(const CompleteRun& run) {
  const Ratings& ratings = run.data.ratings;
  std::string text = "row,col,value,predicted,reliability\n";
  for (std::size_t e = 0; e < ratings.value.size(); ++e) {
    if (!run.flags.outliers[e]) continue;
    text += csv_line({run.data.row_ids.name(ratings.i[e]), run.data.col_ids.name(ratings.j[e]), csv_number(ratings.value[e]),
                      csv_number(ratings.value[e] - run.flags.residuals[e]), csv_number(run.flags.reliability[e])});
  }
  return text;
}

std::string flagged_rows_csv(const CompleteRun& run) {
  std::string text = "row,share\n";
  for (Index a = 0; a < run.data.row_ids.count(); ++a) {
    if (run.flags.flagged_rows[static_cast<std::size_t>(a)])
      text += csv_line({run.data.row_ids.name(a), csv_number(run.flags.row_flags(a))});
  }
  return text;
}

}  // namespace gossan::cli
