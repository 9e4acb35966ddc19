#include "io_testing.hpp"

namespace gossan {
namespace {

using namespace testing;

using Row = std::vector<std::string>;

Csv parse(std::string_view text, const std::vector<std::string>& expected = {}) { return parse_csv(text, "x.csv", expected); }
std::string csv_refusal_of(std::string_view text) {
  return refusal([&] { parse(text); });
}

TEST(Csv, ReadsAHeaderAndRows) {
  const Csv table = read_csv(corpus("csv/pairs.csv"));
  EXPECT_EQ(table.header, (Row{"i", "j", "distance"}));
  ASSERT_EQ(table.rows.size(), 3U);
  EXPECT_EQ(table.lines, (std::vector<Index>{2, 3, 4}));
  EXPECT_EQ(number(table, 2, 2, "pairs.csv"), 300.0);
}

TEST(Csv, TellsAHeaderFromARow) {
  EXPECT_TRUE(parse("1,2\n3,4\n").header.empty());
  EXPECT_EQ(parse("a,b\n3,4\n").header, (Row{"a", "b"}));
  EXPECT_TRUE(parse("a,b\nc,d\n").header.empty()) << "no numbers to tell by";
  EXPECT_EQ(parse("name,alias\nc,d\n", {"name"}).header, (Row{"name", "alias"}));
  EXPECT_TRUE(parse("name,alias\nc,d\n", {"name", "latitude"}).header.empty());
  EXPECT_TRUE(parse("nan,nan\n1,2\n").header.empty()) << "nan is a number here";
  EXPECT_EQ(parse("a,b\n").rows, std::vector<Row>({{"a", "b"}}));
}

TEST(Csv, ReadsQuotesAndKeepsCountingLines) {
  const Csv table = read_csv(corpus("csv/quotes.csv"));
  ASSERT_EQ(table.rows.size(), 2U);
  EXPECT_EQ(table.rows[0], (Row{"Lima, \"the\" city", "-12.05"}));
  EXPECT_EQ(table.rows[1][0], "two\r\nlines");
  EXPECT_EQ(table.lines, (std::vector<Index>{2, 3}));
  EXPECT_EQ(parse("\"a\nb\nc\",1\nx,2\n").lines, (std::vector<Index>{1, 4}));
  EXPECT_EQ(parse("\"\",\"\"\"\"\n").rows[0], (Row{"", "\""}));
}

TEST(Csv, TellsTheDelimiterFromTheFirstLine) {
  const Csv semicolons = read_csv(corpus("csv/semicolons.csv"));
  EXPECT_EQ(semicolons.header, (Row{"a", "b"})) << "the byte-order mark is no part of the first name";
  EXPECT_EQ(semicolons.rows, std::vector<Row>({{"1", "2"}, {"3", "4"}}));
  EXPECT_EQ(semicolons.lines, (std::vector<Index>{2, 5}));
  EXPECT_EQ(read_csv(corpus("csv/tabs.csv")).rows, std::vector<Row>({{"1", ""}, {"", "2"}}));
  EXPECT_EQ(parse("\"a;b;c\",2\n").rows[0], (Row{"a;b;c", "2"})) << "not counted inside quotes";
}

TEST(Csv, PassesOverBlanksCommentsAndBlankLines) {
  const Csv table = parse("# title, one\n\n  \n 1 ,\t2\r\n#\n3,\"4\" \n");
  EXPECT_EQ(table.rows, std::vector<Row>({{"1", "2"}, {"3", "4"}}));
  EXPECT_EQ(table.lines, (std::vector<Index>{4, 6}));
  EXPECT_EQ(parse("7").rows, std::vector<Row>({{"7"}}));
  EXPECT_EQ(parse("1,\n").rows, std::vector<Row>({{"1", ""}}));
}

TEST(Csv, KeepsOtherAlphabets) {
  const Csv table = read_csv(corpus("csv/accents.csv"));
  EXPECT_EQ(table.rows[1][0], "東京");
}

TEST(Csv, LocatesWhatItRefuses) {
  expect_contains(refusal([] { read_csv(corpus("csv/ragged.csv")); }),
                  {"ragged.csv: line 2: has 1 cells, expected 2 as in line 1"});
  expect_contains(refusal([] { read_csv(corpus("csv/open_quote.csv")); }),
                  {"line 1: column 2 opens a quote that is never closed"});
  expect_contains(refusal([] { read_csv(corpus("csv/not_utf8.csv")); }), {"line 2: has the byte 0xe9, expected UTF-8"});
  expect_contains(refusal([] { read_csv(corpus("csv/zero_byte.csv")); }), {"line 2: has a zero byte"});
  expect_contains(csv_refusal_of("1,2\n\"3\"x,4\n"),
                  {"x.csv: line 2: column 1 goes on with 'x,4", "after its closing quote", "','"});
  expect_contains(csv_refusal_of(std::string("\xff\xfe"
                                             "1\0,\0",
                                             6)),
                  {"UTF-16"});
  expect_contains(csv_refusal_of("a\r\r\xc0\xaf"), {"line 3: has the byte 0xc0"});
  for (const char* bad :
       {"\xed\xa0\x80", "\xf4\x90\x80\x80", "\xe0\x80\x80", "\xf0\x80\x80\x80", "\xe2\x82", "\x80", "\xf5\x80\x80\x80"})
    expect_contains(csv_refusal_of(std::string("1234567890,") + bad), {"line 1: has the byte 0x"});
}

TEST(Csv, RefusesTablesWithoutRows) {
  expect_contains(csv_refusal_of(""), {"x.csv: is empty"});
  expect_contains(csv_refusal_of("\n# only a note\n\n"), {"holds no rows"});
  expect_contains(csv_refusal_of("\xef\xbb\xbf"), {"holds no rows"});
  expect_contains(refusal([] { parse("i,j\n", {"i", "j"}); }), {"holds no rows"});
}

TEST(Csv, NumbersAreFiniteAndWhole) {
  const Csv table = parse("i,j\n+1.5, -2e3 \n3km,\n1e999,inf\nnan,0x10\n--1,+-1\n");
  EXPECT_EQ(number(table, 0, 0, "x.csv"), 1.5);
  EXPECT_EQ(number(table, 0, 1, "x.csv"), -2000.0);
  const auto refused = [&](Index row, Index column) { return refusal([&] { number(table, row, column, "x.csv"); }); };
  EXPECT_EQ(refused(1, 0), "x.csv: line 3: i is '3km', expected a finite number");
  EXPECT_EQ(refused(1, 1), "x.csv: line 3: j is empty, expected a finite number");
  expect_contains(refused(2, 0), {"line 4: i is '1e999'"});
  expect_contains(refused(2, 1), {"'inf'"});
  expect_contains(refused(3, 0), {"'nan'"});
  expect_contains(refused(3, 1), {"'0x10'"});
  expect_contains(refused(4, 0), {"'--1'"});
  expect_contains(refused(4, 1), {"'+-1'"});
  EXPECT_THROW(number(table, 0, 2, "x.csv"), std::invalid_argument);
  EXPECT_THROW(number(table, -1, 0, "x.csv"), std::invalid_argument);
  EXPECT_THROW(number(table, 5, 0, "x.csv"), std::invalid_argument);
  expect_contains(refusal([] { number(parse("1,b\n"), 0, 1, "x.csv"); }), {"column 2 is 'b'"});
}

TEST(Csv, ReadsManyLines) {
  std::string text = "i,j,distance\n";
  for (int k = 0; k < 200000; ++k) text += "417,123,10000.5\n";
  const Csv table = parse(text);
  ASSERT_EQ(table.rows.size(), 200000U);
  EXPECT_EQ(table.lines.back(), 200001);
  EXPECT_EQ(number(table, 199999, 2, "x.csv"), 10000.5);
}

}  // namespace
}  // namespace gossan
