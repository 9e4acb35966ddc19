// The tables that are written as files, read back by the library's own reader.
#include <gtest/gtest.h>

#include <limits>
#include <stdexcept>

#include "gossan/complete.hpp"
#include "gossan/io.hpp"
#include "gossan/locate.hpp"
#include "gossan/plan.hpp"
#include "gossan/present.hpp"
#include "gossan/trajectory.hpp"

namespace gossan {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

Csv read_back(const std::string& text) { return parse_csv(text, "written"); }

TEST(HistoryCsv, HasTheColumnsOfATraceLast) {
  const History history = {{"first", 1, 2.5, 1, 0.5, nan, 0.25}, {"second, longer", 2, 2, 1, 0.5, 0.125, 0.5}};
  const Trace trace{{{"Ranks", {"rank"}}}, {{3}, {4}}};
  const Csv table = read_back(history_csv(history, trace));
  EXPECT_EQ(table.header.back(), "rank");
  EXPECT_EQ(table.rows[1].front(), "second, longer");
  EXPECT_EQ(table.rows[1].back(), "4");
  EXPECT_EQ(table.rows[0][5], "");  // what is not finite
  EXPECT_EQ(read_back(history_csv(history)).header.size(), table.header.size() - 1);
}

TEST(PointsCsv, NamesPointsAndLeavesOutPlacesThatNothingFixes) {
  const Distances pairs{.points = 3, .i = {1}, .j = {0}, .distance = {1}};
  const LocateOptions options;
  Located located;
  located.points = (Matrix(3, 1) << 0.5, -0.5, 7).finished();
  located.placement = {Placement::placed, Placement::placed, Placement::undetermined};
  located.component = {0, 0, -1};
  located.residuals = {0.25};
  located.outliers = {true};
  const std::vector<std::string> ids = {"a", "b,c", "d"};
  const LocateRun run{.pairs = pairs, .options = options, .located = located, .ids = ids};
  const Csv table = read_back(points_csv(run));
  EXPECT_EQ(table.header, (std::vector<std::string>{"id", "x1", "placement", "component"}));
  EXPECT_EQ(table.rows[1], (std::vector<std::string>{"b,c", "-0.5", "placed", "0"}));
  EXPECT_EQ(table.rows[2], (std::vector<std::string>{"d", "", "undetermined", "-1"}));
  EXPECT_EQ(read_back(flagged_pairs_csv(run)).rows, (std::vector<std::vector<std::string>>{{"b,c", "a", "1", "1"}}));
}

TEST(PointsCsv, RefusesNamesThatAreNotOneAPoint) {
  const Distances pairs{.points = 3, .i = {1}, .j = {0}, .distance = {1}};
  const LocateOptions options;
  const Located located;
  const std::vector<std::string> two = {"a", "b"};
  EXPECT_THROW(points_csv({.pairs = pairs, .options = options, .located = located, .ids = two}), std::invalid_argument);
  EXPECT_THROW(present(LocateRun{.pairs = pairs, .options = options, .located = located, .names = two}), std::invalid_argument);
  EXPECT_THROW(present(LocateRun{.pairs = pairs, .options = options, .located = located, .compared = PointErrors()}),
               std::invalid_argument);
}

TEST(EntriesCsv, CountsByRowAndByColumn) {
  const Ratings ratings{.rows = 2, .cols = 3, .i = {0, 0, 1}, .j = {0, 2, 2}, .value = {5, 4, 1}};
  EntryModel model;
  model.row.bias = (Vector(2) << 0.5, -0.5).finished();
  model.col.bias = Vector::Zero(3);
  const EntryFlags flags{{1, 1, 0.125}, {0, 0, -3}, 0.5, {false, false, true}, {false, true}, (Vector(2) << 0, 1).finished()};
  const std::vector<std::string> row_ids = {"x", "y"};
  const RatedEntries entries{ratings, model, flags, row_ids, {}};
  EXPECT_EQ(rows_csv(entries), "id,bias,entries,flagged,disagrees\nx,0.5,2,0,no\ny,-0.5,1,1,yes\n");
  const std::vector<Index> second = {1};
  EXPECT_EQ(rows_csv(entries, second), "id,bias,entries,flagged,disagrees\ny,-0.5,1,1,yes\n");
  EXPECT_EQ(cols_csv(entries), "id,bias,entries,flagged\n0,0,1,0\n1,0,0,0\n2,0,2,1\n");
  EXPECT_EQ(flagged_entries_csv(entries), "row,col,value,predicted,reliability\ny,2,1,4,0.125\n");
  EXPECT_EQ(flagged_rows_csv(entries), "row,share\ny,1\n");
}

TEST(PredictionsCsv, SaysWhichIdIsUnknown) {
  const std::vector<std::string> row = {"x", "?", "x", "?"}, col = {"1", "1", "?", "?"};
  const std::vector<Index> i = {0, -1, 0, -1}, j = {1, 1, -1, -1};
  const Csv table = read_back(predictions_csv(row, col, i, j, {{1, 2, 3, 4}, {0.5, 0.5, 0.5, 0.5}}));
  std::vector<std::string> unknown;
  for (const auto& cells : table.rows) unknown.push_back(cells.back());
  EXPECT_EQ(unknown, (std::vector<std::string>{"", "row", "column", "both"}));
}

TEST(PredictionsCsv, RefusesOtherLengths) {
  const std::vector<std::string> ids = {"x"};
  const std::vector<Index> one = {0}, two = {0, 0};
  EXPECT_THROW(predictions_csv(ids, ids, one, two, {{1}, {1}}), std::invalid_argument);
}

TEST(PlanCsv, HasARowAPoint) {
  Plan plan;
  plan.points = {{.measurements = 60, .trials = 20, .successes = 3, .trusted = 2, .median_error = 0.5}};
  EXPECT_EQ(plan_csv(plan), "measurements,trials,successes,trusted,median_error,fitted\n60,20,3,2,0.5,\n");
}

}  // namespace
}  // namespace gossan
