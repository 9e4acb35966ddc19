#include "present/entries.hpp"

#include <fmt/format.h>

#include <cmath>
#include <numeric>
#include <stdexcept>

#include "gossan/complete.hpp"
#include "gossan/io.hpp"
#include "present/account.hpp"

namespace gossan {
namespace {

// One side of the entries: its rows, or its columns.
struct EntrySide {
  const RatedEntries& entries;
  const std::vector<Index>& own;  // which one each entry is of
  Index count;
  std::string (RatedEntries::*id)(Index) const;

  std::string name(Index at) const { return (entries.*id)(at); }
  FlagTally tally() const {
    FlagTally tally(count);
    for (std::size_t e = 0; e < own.size(); ++e) tally.add(own[e], entries.flags.outliers[e]);
    return tally;
  }
};

EntrySide rows_of(const RatedEntries& entries) {
  entries.check();
  return {entries, entries.ratings.i, entries.ratings.rows, &RatedEntries::row_id};
}

EntrySide cols_of(const RatedEntries& entries) {
  entries.check();
  return {entries, entries.ratings.j, entries.ratings.cols, &RatedEntries::col_id};
}

TextTable worst_of(const EntrySide& side, const std::string& title) {
  const FlagTally tally = side.tally();
  std::vector<double> squares(static_cast<std::size_t>(side.count), 0);
  for (std::size_t e = 0; e < side.own.size(); ++e)
    squares[static_cast<std::size_t>(side.own[e])] += side.entries.flags.residuals[e] * side.entries.flags.residuals[e];
  const auto mean_square = [&](Index at) {
    return squares[static_cast<std::size_t>(at)] / static_cast<double>(tally.seen_at(at));
  };
  constexpr Index fewest = 5, shown = 10;
  const std::vector<Index> order = leading(
      side.count, shown, [&](Index at) { return tally.seen_at(at) >= fewest; },
      [&](Index a, Index b) {
        const double left = tally.share(a), right = tally.share(b);
        return left != right ? left > right : mean_square(a) > mean_square(b);
      });
  TextTable table{title, {{"id", "entries", "flagged", "root mean square residual"}}};
  for (const Index at : order)
    table.second.push_back({side.name(at), grouped(tally.seen_at(at)), fmt::format("{:.0f} %", 100 * tally.share(at)),
                            fmt::format("{:.3g}", std::sqrt(mean_square(at)))});
  return table;
}

// Of each of a side, or of those that are listed. `disagrees`: empty where it is not known.
std::string side_csv(const EntrySide& side, const Vector& bias, const std::vector<bool>& disagrees,
                     std::span<const Index> listed) {
  const FlagTally tally = side.tally();
  std::string text = disagrees.empty() ? "id,bias,entries,flagged\n" : "id,bias,entries,flagged,disagrees\n";
  std::vector<Index> order(listed.begin(), listed.end());
  if (order.empty()) {
    order.resize(static_cast<std::size_t>(side.count));
    std::iota(order.begin(), order.end(), Index{0});
  }
  for (const Index at : order) {
    std::vector<std::string> cells = {side.name(at), csv_number(bias(at)), std::to_string(tally.seen_at(at)),
                                      std::to_string(tally.flagged_at(at))};
    if (!disagrees.empty()) cells.emplace_back(disagrees[static_cast<std::size_t>(at)] ? "yes" : "no");
    text += csv_line(cells);
  }
  return text;
}

std::string unknown_of(Index i, Index j) {
  if (i < 0 && j < 0) return "both";
  if (i < 0) return "row";
  return j < 0 ? "column" : "";
}

}  // namespace

void RatedEntries::check() const {
  check_count(row_ids, ratings.rows, "ids of rows");
  check_count(col_ids, ratings.cols, "ids of columns");
}

std::string RatedEntries::row_id(Index i) const {
  return row_ids.empty() ? std::to_string(i) : row_ids[static_cast<std::size_t>(i)];
}

std::string RatedEntries::col_id(Index j) const {
  return col_ids.empty() ? std::to_string(j) : col_ids[static_cast<std::size_t>(j)];
}

TextTable worst_rows(const RatedEntries& entries) {
  return worst_of(rows_of(entries), "Rows with the largest share of flagged entries");
}

TextTable worst_cols(const RatedEntries& entries) {
  return worst_of(cols_of(entries), "Columns with the largest share of flagged entries");
}

std::string rows_csv(const RatedEntries& entries, std::span<const Index> rows) {
  return side_csv(rows_of(entries), entries.model.row.bias, entries.flags.flagged_rows, rows);
}

std::string cols_csv(const RatedEntries& entries) { return side_csv(cols_of(entries), entries.model.col.bias, {}, {}); }

std::string flagged_entries_csv(const RatedEntries& entries) {
  entries.check();
  const Ratings& ratings = entries.ratings;
  std::string text = "row,col,value,predicted,reliability\n";
  for (std::size_t e = 0; e < ratings.value.size(); ++e) {
    if (!entries.flags.outliers[e]) continue;
    text += csv_line({entries.row_id(ratings.i[e]), entries.col_id(ratings.j[e]), csv_number(ratings.value[e]),
                      csv_number(ratings.value[e] - entries.flags.residuals[e]), csv_number(entries.flags.reliability[e])});
  }
  return text;
}

std::string flagged_rows_csv(const RatedEntries& entries) {
  entries.check();
  std::string text = "row,share\n";
  for (Index a = 0; a < entries.ratings.rows; ++a) {
    if (entries.flags.flagged_rows[static_cast<std::size_t>(a)])
      text += csv_line({entries.row_id(a), csv_number(entries.flags.row_flags(a))});
  }
  return text;
}

std::string predictions_csv(std::span<const std::string> row_ids, std::span<const std::string> col_ids, std::span<const Index> i,
                            std::span<const Index> j, const Predictions& predictions) {
  if (row_ids.size() != i.size() || col_ids.size() != i.size() || j.size() != i.size() || predictions.mean.size() != i.size())
    throw std::invalid_argument(
        fmt::format("predictions_csv: {} row ids, {} column ids, {} columns and {} predictions of {} entries, expected one each",
                    row_ids.size(), col_ids.size(), j.size(), predictions.mean.size(), i.size()));
  std::string text = "row,col,value,sd,unknown\n";
  for (std::size_t e = 0; e < i.size(); ++e)
    text += csv_line(
        {row_ids[e], col_ids[e], csv_number(predictions.mean[e]), csv_number(predictions.sd[e]), unknown_of(i[e], j[e])});
  return text;
}

Json test_json(const PredictionErrors& errors) {
  return {{"count", errors.count},
          {"unknown", errors.unknown},
          {"rmse", errors.rmse},
          {"mae", errors.mae},
          {"coverage", errors.coverage}};
}

void add_test_fact(Facts& facts, const std::optional<PredictionErrors>& errors) {
  if (!errors) return;
  facts.emplace_back("test", fmt::format("RMSE {:.4f}, MAE {:.4f}, {:.1f} % within their 90 % interval, {} with unknown ids",
                                         errors->rmse, errors->mae, 100 * errors->coverage, grouped(errors->unknown)));
}

void add_repeated_fact(Facts& facts, Index repeated) {
  if (repeated == 0) return;
  facts.emplace_back("notice",
                     fmt::format("{} lines repeat a pair that had come before: their values were averaged", grouped(repeated)));
}

void add_passed_over_fact(Facts& facts, Index passed_over) {
  if (passed_over == 0) return;
  facts.emplace_back("notice", fmt::format("{} entries are in columns that the model does not know: they were passed over",
                                           grouped(passed_over)));
}

}  // namespace gossan
