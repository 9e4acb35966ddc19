#include "gossan/reproduction.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <stdexcept>
#include <string>

#include "refusal.hpp"
#include "temporary_folder.hpp"

namespace gossan {
namespace {

using testing::expect_contains;
using testing::refusal;

constexpr const char* config = R"(title = "Two lines"
trials = 3
seed = 7
y = ["error"]
[instance]
rows = 6
rank = 1
[run]
loss = "squared"
[points]
parameter = "instance.measurements"
values = [40, 80]
[[series]]
name = "short"
run.max_iterations = 3
[[series]]
name = "long"
run.max_iterations = 9
[small]
trials = 1
values = [80]
)";

constexpr const char* numbers = R"({"mine": {"source": "a table", "values": [
  {"series": "short", "point": "80", "quantity": "error", "paper": 0.5, "factor": 2},
  {"series": "long", "point": "40", "quantity": "error", "paper": 0.25, "tolerance": 0.5, "matches": false}]}})";

Variant place(const Reproduction& made, std::size_t k) { return made.experiment.points.at(k); }

TEST(Reproductions, ReadAGridAndThePapersNumbersFromFiles) {
  const TemporaryFolder folder;
  const std::string file = folder.write("mine.toml", config);
  folder.write("expected.json", numbers);
  const Reproduction made = read_reproduction(file, false);
  EXPECT_EQ(made.name, "mine");
  EXPECT_EQ(made.title, "Two lines");
  EXPECT_EQ(made.source, "a table");
  EXPECT_EQ(made.experiment.trials, 3);
  EXPECT_EQ(made.experiment.seed, 7U);
  EXPECT_EQ(made.experiment.settings, (Settings{{"instance.rows", "6"}, {"instance.rank", "1"}, {"run.loss", "squared"}}));
  ASSERT_EQ(made.experiment.points.size(), 2U);
  EXPECT_EQ(place(made, 1).settings, (Settings{{"instance.measurements", "80"}}));
  ASSERT_EQ(made.experiment.series.size(), 2U);
  EXPECT_EQ(made.experiment.series[1].settings, (Settings{{"run.max_iterations", "9"}}));
  ASSERT_EQ(made.expected.size(), 2U);
  EXPECT_TRUE(made.expected[0].matches);
  EXPECT_FALSE(made.expected[1].matches);

  const Reproduction small = read_reproduction(file, true);
  EXPECT_EQ(small.experiment.trials, 1);
  ASSERT_EQ(small.experiment.points.size(), 1U);
  EXPECT_EQ(place(small, 0).name, "80");
}

TEST(Reproductions, RefusalsNameFileLineAndKey) {
  const TemporaryFolder folder;
  const auto said = [&](const std::string& toml, const std::string& expected = "{}") {
    const std::string file = folder.write("mine.toml", toml);
    folder.write("expected.json", expected);
    return refusal([&] { read_reproduction(file, true); });
  };
  expect_contains(said("title = \n"), {"mine.toml", "line 1"});
  expect_contains(said("title = \"x\"\ntrails = 3\n"), {"mine.toml", "line 2", "'trails' is not known", "trials"});
  expect_contains(said("trials = -1\n"), {"line 1", "'trials'", "0 to 1000000"});
  expect_contains(said("chart = \"pie\"\n"), {"line 1", "'chart'", "courses, points or map"});
  expect_contains(said("[instance]\nrows = [1]\n"), {"mine.toml", "line 2", "rows"});
  expect_contains(said("[[series]]\nname = \"a\"\n[[series]]\nname = \"a\"\n"), {"'name' in [[series]]", "of its own"});
  expect_contains(said("[[points]]\nname = \"1\"\n[small]\nvalues = [2]\n"), {"[small]", "no place '2'"});
  expect_contains(said("y = \"eror\"\n"), {"mine.toml", "'eror' is not known"});
  expect_contains(said(config, R"({"mine": {"values": [{"quantity": "error"}]}})"), {"expected.json", "paper"});
  expect_contains(said(config, R"({"mine": {"values": [{"quantity": "error", "paper": 1, "series": "odd"}]}})"),
                  {"expected.json", "no line 'odd'"});
}

TEST(Reproductions, OfTheLibraryAreAllReadable) {
  const auto names = reproduction_names();
  ASSERT_FALSE(names.empty());
  for (const std::string& name : names) {
    const Reproduction made = read_reproduction(name, true);
    EXPECT_EQ(made.name, name);
    EXPECT_EQ(made.title, reproduction_title(name));
    EXPECT_GE(made.experiment.trials, 1) << name;
    EXPECT_FALSE(made.expected.empty()) << name;
  }
  std::string close = names.front();
  close.back() = '_';
  try {
    read_reproduction(close, false);
    ADD_FAILURE() << "a name that is not known was read";
  } catch (const std::invalid_argument& error) {
    EXPECT_NE(std::string(error.what()).find("did you mean"), std::string::npos) << error.what();
  }
}

// Numbers are compared where a cell was run; a surprise is what is otherwise than was written down.
TEST(Reproductions, WeighSurprises) {
  Reproduction made;
  made.experiment.series = {{"a", {}}};
  made.experiment.points = {{"1", {}}, {"2", {}}};
  made.expected = {{.series = "a", .point = "1", .quantity = "error", .paper = 1, .factor = 2},
                   {.series = "a", .point = "2", .quantity = "error", .paper = 1, .factor = 2}};
  Trial trial;
  trial.error = 1.9;
  const auto compared = compare(made, {{.series = 0, .point = 0, .trials = {trial}}});
  ASSERT_EQ(compared.size(), 1U) << "the other place was not run";
  EXPECT_EQ(compared[0].ours, 1.9);
  EXPECT_TRUE(compared[0].matches);
  EXPECT_EQ(weigh(compared).verdict, Verdict::trusted);
  trial.error = 2.1;
  const auto off = compare(made, {{.series = 0, .point = 0, .trials = {trial}}});
  EXPECT_TRUE(off[0].surprise());
  EXPECT_NE(weigh(off).verdict, Verdict::trusted);
  made.expected[0].matches = false;
  EXPECT_FALSE(compare(made, {{.series = 0, .point = 0, .trials = {trial}}})[0].surprise());
}

TEST(Reproductions, CountAsWithinByFactorOrTolerance) {
  const Expected by_factor{.series = "", .point = "", .quantity = "error", .paper = 1e-3, .factor = 10};
  EXPECT_TRUE(by_factor.within(9.9e-3) && by_factor.within(1.1e-4));
  EXPECT_FALSE(by_factor.within(1.1e-2) || by_factor.within(0) || by_factor.within(std::numeric_limits<double>::quiet_NaN()));
  const Expected by_tolerance{.series = "", .point = "", .quantity = "error", .paper = 0.5, .tolerance = 0.1};
  EXPECT_TRUE(by_tolerance.within(0.45));
  EXPECT_FALSE(by_tolerance.within(0.65) || by_tolerance.within(std::numeric_limits<double>::quiet_NaN()));
}

}  // namespace
}  // namespace gossan
