#include "gossan/options.hpp"

#include <gtest/gtest.h>

#include <clocale>
#include <cmath>

#include "gossan/table.hpp"

namespace gossan {
namespace {

struct Sample {
  double number = 0.25, unset = std::numeric_limits<double>::quiet_NaN(), positive = 1, share = 0.5, open_share = 0.5;
  Index integer = 3;
  std::uint64_t seed = 7;
  bool flag = false;
  std::string text = "free", colour = "red";
  Fields fields() {
    return {
        {.name = "number", .value = &number, .help = ""},
        {.name = "unset", .value = &unset, .help = ""},
        {.name = "positive", .value = &positive, .help = "", .least = 0, .above = true},
        {.name = "share", .value = &share, .help = "", .least = 0, .most = 1},
        {.name = "open_share", .value = &open_share, .help = "", .least = 0, .most = 1, .below = true},
        {.name = "integer", .value = &integer, .help = "", .least = 0, .most = 100},
        {.name = "seed", .value = &seed, .help = ""},
        {.name = "flag", .value = &flag, .help = ""},
        {.name = "text", .value = &text, .help = ""},
        {.name = "colour", .value = &colour, .help = "", .choices = {"red", "green", "blue"}},
    };
  }
};

std::string message_of(std::string_view name, std::string_view text) {
  Sample sample;
  try {
    assign(sample.fields(), name, text, "sample");
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
  return "";
}

TEST(Options, NumbersParse) {
  const std::vector<std::pair<std::string, double>> cases{{"1", 1},        {"-2.5", -2.5}, {"+4", 4},         {"1e-3", 1e-3},
                                                          {" 0.5\t", 0.5}, {"1E5", 1e5},   {"-1e300", -1e300}};
  for (const auto& [text, value] : cases) {
    Sample sample;
    assign(sample.fields(), "number", text, "sample");
    EXPECT_EQ(sample.number, value) << text;
  }
}

TEST(Options, IntegersAndSeedsParse) {
  Sample sample;
  assign(sample.fields(), "integer", "42", "sample");
  assign(sample.fields(), "seed", "18446744073709551615", "sample");
  EXPECT_EQ(sample.integer, 42);
  EXPECT_EQ(sample.seed, std::numeric_limits<std::uint64_t>::max());
}

TEST(Options, TruthValuesParse) {
  for (const std::string text : {"yes", "true", "1", "YES", "True"}) {
    Sample sample;
    assign(sample.fields(), "flag", text, "sample");
    EXPECT_TRUE(sample.flag) << text;
  }
  for (const std::string text : {"no", "false", "0", "No"}) {
    Sample sample;
    sample.flag = true;
    assign(sample.fields(), "flag", text, "sample");
    EXPECT_FALSE(sample.flag) << text;
  }
}

TEST(Options, BadValuesAreRefusedWithValueAndExpectation) {
  const std::vector<std::array<std::string, 3>> cases{
      {"number", "", "must be a number"},
      {"number", "abc", "must be a number"},
      {"number", "1.5x", "must be a number"},
      {"number", "1,5", "must be a number"},
      {"number", "+-1", "must be a number"},
      {"number", "nan", "must be a finite number"},
      {"number", "inf", "must be a finite number"},
      {"number", "1e999", "must be a number that this machine can hold"},
      {"positive", "0", "must be > 0"},
      {"positive", "-1", "must be > 0"},
      {"share", "1.01", "must be in [0, 1]"},
      {"open_share", "1", "must be in [0, 1)"},
      {"integer", "3.5", "must be a whole number"},
      {"integer", "1e1", "must be a whole number"},
      {"integer", "101", "must be in [0, 100]"},
      {"integer", "99999999999999999999", "must be a number that this machine can hold"},
      {"seed", "-1", "must be a whole number >= 0"},
      {"seed", "18446744073709551616", "must be a number that this machine can hold"},
      {"flag", "maybe", "must be yes or no"},
      {"colour", "gren", "must be one of red, green, blue; did you mean 'green'?"},
  };
  for (const auto& [name, text, expectation] : cases) {
    const std::string expected = "option '" + name + "' of sample: value '" + text + "' " + expectation;
    EXPECT_EQ(message_of(name, text), expected);
  }
}

TEST(Options, BoundsThemselvesAreAllowedUnlessOpen) {
  Sample sample;
  assign(sample.fields(), "share", "0", "sample");
  EXPECT_EQ(sample.share, 0);
  assign(sample.fields(), "share", "1", "sample");
  EXPECT_EQ(sample.share, 1);
  assign(sample.fields(), "open_share", "0", "sample");
  EXPECT_EQ(sample.open_share, 0);
}

TEST(Options, UnknownNamesAreAnsweredWithTheNearest) {
  EXPECT_NE(message_of("intger", "1").find("did you mean 'integer'?"), std::string::npos);
  EXPECT_EQ(message_of("zzzzzzzz", "1").find("did you mean"), std::string::npos);
  EXPECT_NE(message_of("zzzzzzzz", "1").find("Known: number unset"), std::string::npos);
}

TEST(Options, HyphensReadAsUnderscores) {
  Sample sample;
  assign(sample.fields(), "open-share", "0.25", "sample");
  EXPECT_EQ(sample.open_share, 0.25);
}

TEST(Options, ViewsShowTypeValueAndRange) {
  Sample sample;
  const auto views = view(sample.fields());
  const std::vector<std::array<std::string, 4>> expected{
      {"number", "number", "0.25", ""},
      {"unset", "number", "", ""},
      {"positive", "number", "1", "> 0"},
      {"share", "number", "0.5", "in [0, 1]"},
      {"open_share", "number", "0.5", "in [0, 1)"},
      {"integer", "integer", "3", "in [0, 100]"},
      {"seed", "integer", "7", ""},
      {"flag", "yes/no", "no", ""},
      {"text", "text", "free", ""},
      {"colour", "text", "red", "one of red, green, blue"},
  };
  ASSERT_EQ(views.size(), expected.size());
  for (std::size_t k = 0; k < views.size(); ++k) {
    EXPECT_EQ(views[k].name, expected[k][0]);
    EXPECT_EQ(views[k].type, expected[k][1]) << views[k].name;
    EXPECT_EQ(views[k].value, expected[k][2]) << views[k].name;
    EXPECT_EQ(views[k].range, expected[k][3]) << views[k].name;
  }
}

TEST(Options, ViewedValuesAssignBackExactly) {
  for (const double value : {0.1, 1.0 / 3, 1e-300, 6371.0, -0.0, 123456789.123456789}) {
    Sample from, to;
    from.number = value;
    assign(to.fields(), "number", view(from.fields())[0].value, "sample");
    EXPECT_EQ(to.number, value);
  }
}

TEST(Options, CheckJudgesValuesSetInCode) {
  Sample sample;
  EXPECT_NO_THROW(check(sample.fields(), "sample"));
  sample.share = 1.5;
  EXPECT_THROW(check(sample.fields(), "sample"), std::invalid_argument);
  sample.share = std::numeric_limits<double>::quiet_NaN();
  EXPECT_THROW(check(sample.fields(), "sample"), std::invalid_argument);
  sample.share = 0.5;
  sample.number = std::numeric_limits<double>::infinity();
  EXPECT_THROW(check(sample.fields(), "sample"), std::invalid_argument);
  sample.number = 0;
  sample.colour = "pink";
  EXPECT_THROW(check(sample.fields(), "sample"), std::invalid_argument);
}

TEST(Options, ParsingIgnoresTheLocale) {
  const std::string before = std::setlocale(LC_ALL, nullptr);
  const bool has_comma_locale = std::setlocale(LC_ALL, "de_DE.UTF-8") != nullptr;
  Sample sample;
  assign(sample.fields(), "number", "2.5", "sample");
  const std::string shown = view(sample.fields())[0].value;
  std::setlocale(LC_ALL, before.c_str());
  EXPECT_EQ(sample.number, 2.5) << "comma locale installed: " << has_comma_locale;
  EXPECT_EQ(shown, "2.5");
}

TEST(Nearest, FindsTyposSwapsAndBeginnings) {
  const std::vector<std::string> known{"absolute", "squared", "huber", "normalised-geometric"};
  EXPECT_EQ(nearest("hubre", known), "huber");
  EXPECT_EQ(nearest("sqared", known), "squared");
  EXPECT_EQ(nearest("abs", known), "absolute");
  EXPECT_EQ(nearest("Normalised_Geometrc", known), "normalised-geometric");
  EXPECT_EQ(nearest("tukey", known), "");
  EXPECT_EQ(nearest("", known), "");
  EXPECT_EQ(nearest("x", {}), "");
  EXPECT_EQ(nearest(std::string(1000000, 'x'), known), "");
}

struct PlainOptions {
  double size = 2;
  Fields fields() { return {{.name = "size", .value = &size, .help = "", .least = 0}}; }
};
double doubled(PlainOptions options, int times) { return options.size * times; }

TEST(Table, RowsMakeFromSettings) {
  const std::vector<Row<double, int>> table{row("doubled", "", doubled)};
  EXPECT_EQ(find(table, "doubled", "sample").make({}, 3), 6);
  EXPECT_EQ(find(table, "doubled", "sample").make({{"size", "5"}}, 2), 10);
  EXPECT_THROW(find(table, "doubled", "sample").make({{"size", "-5"}}, 2), std::invalid_argument);
  try {
    find(table, "dubled", "sample");
    FAIL() << "an unknown name was found";
  } catch (const std::invalid_argument& error) {
    EXPECT_STREQ(error.what(), "unknown sample 'dubled', did you mean 'doubled'? Known: doubled");
  }
}

}  // namespace
}  // namespace gossan
