#include <cmath>

#include "io_testing.hpp"

namespace gossan {
namespace {

using namespace testing;

using Indices = std::vector<Index>;
using Values = std::vector<double>;

std::string mtx_refusal_of(std::string_view text) {
  return refusal([&] { parse_mtx(text, "x.mtx"); });
}
std::string coordinates(std::string_view body) { return "%%MatrixMarket matrix coordinate real general\n" + std::string(body); }

TEST(Mtx, ReadsWhatScipyWrote) {
  const Triplets general = read_mtx(corpus("mtx/general.mtx"));
  EXPECT_EQ(general.rows, 3);
  EXPECT_EQ(general.cols, 3);
  EXPECT_EQ(general.i, (Indices{1, 0, 2})) << "in the order of the file";
  EXPECT_EQ(general.j, (Indices{0, 1, 2}));
  EXPECT_EQ(general.value, (Values{-2, 1.5, 3}));
  EXPECT_EQ(read_mtx(corpus("mtx/pattern.mtx")).value, (Values{1, 1, 1}));
  EXPECT_EQ(read_mtx(corpus("mtx/integer.mtx")).value, (Values{-2, 1, 3}));
}

TEST(Mtx, UnfoldsSymmetry) {
  const Triplets symmetric = read_mtx(corpus("mtx/symmetric.mtx"));
  EXPECT_EQ(symmetric.i, (Indices{0, 1, 0}));
  EXPECT_EQ(symmetric.j, (Indices{0, 0, 1}));
  EXPECT_EQ(symmetric.value, (Values{2, 1, 1}));
  const Triplets skew = read_mtx(corpus("mtx/skew.mtx"));
  EXPECT_EQ(skew.i, (Indices{1, 0}));
  EXPECT_EQ(skew.value, (Values{1, -1}));
}

TEST(Mtx, ReadsDenseMatricesByColumn) {
  const Triplets dense = read_mtx(corpus("mtx/array.mtx"));
  EXPECT_EQ(dense.i, (Indices{0, 1, 0, 1, 0, 1}));
  EXPECT_EQ(dense.j, (Indices{0, 0, 1, 1, 2, 2}));
  EXPECT_EQ(dense.value, (Values{0, 3, 1, 4, 2, 5}));
  EXPECT_EQ(read_mtx(corpus("mtx/array_symmetric.mtx")).value, (Values{1, 2, 2, 3}));
  EXPECT_TRUE(std::isnan(parse_mtx("%%MatrixMarket matrix array real general\n1 2\nnan\n1\n", "x").value[0]))
      << "a missing entry";
}

TEST(Mtx, AcceptsAnyCaseCommentsBlankLinesAndWindowsLineEnds) {
  const Triplets read =
      parse_mtx("%%matrixmarket MATRIX Coordinate Real General\r\n% note\r\n\r\n2 2 1\r\n%\r\n 2\t1 +7 \r\n\r\n", "x");
  EXPECT_EQ(read.i, Indices{1});
  EXPECT_EQ(read.value, Values{7});
}

TEST(Mtx, RefusesOtherBanners) {
  expect_contains(mtx_refusal_of(""), {"x.mtx: is empty"});
  expect_contains(mtx_refusal_of("1 2 3\n"), {"x.mtx: line 1: is no Matrix Market banner"});
  expect_contains(mtx_refusal_of("\n\n"), {"no Matrix Market banner"});
  expect_contains(refusal([] { read_mtx(corpus("mtx/complex.mtx")); }),
                  {"complex.mtx: line 1: field is 'complex', expected real, double, integer"});
  expect_contains(mtx_refusal_of("%%MatrixMarket matrix coordinate real hermitian\n"), {"symmetry is 'hermitian'"});
  expect_contains(mtx_refusal_of("%%MatrixMarket vector coordinate real general\n"), {"object is 'vector', expected matrix"});
  expect_contains(mtx_refusal_of("%%MatrixMarket matrix\n"), {"line 1: has 2 words, expected 5"});
  expect_contains(mtx_refusal_of("%%MatrixMarket matrix array pattern general\n"), {"pattern"});
  expect_contains(mtx_refusal_of("%%MatrixMarket matrix coordinate pattern skew-symmetric\n"), {"pattern"});
}

TEST(Mtx, RefusesHostileSizes) {
  expect_contains(mtx_refusal_of(coordinates("")), {"ends before the line of sizes"});
  expect_contains(mtx_refusal_of(coordinates("-3 3 1\n")), {"line 2: number of rows is '-3', expected a whole number from 1"});
  expect_contains(mtx_refusal_of(coordinates("3 99999999999999999999 1\n")), {"number of columns is '99999999999999999999'"});
  expect_contains(mtx_refusal_of(coordinates("4294967296 4294967296 0\n")), {"too large for any memory"});
  expect_contains(mtx_refusal_of(coordinates("3 3 -1\n")), {"number of entries is '-1'"});
  expect_contains(mtx_refusal_of(coordinates("3 3 1000000000000\n1 1 1\n")),
                  {"x.mtx: ends after 1 entries, expected 1000000000000"});
  expect_contains(mtx_refusal_of(coordinates("3 3\n")), {"has 2 words, expected 3: rows columns entries"});
  expect_contains(mtx_refusal_of(coordinates("1 2 3 4 5 6 7 8\n")), {"has 6 or more words"});
  expect_contains(mtx_refusal_of("%%MatrixMarket matrix array real symmetric\n2 3\n"),
                  {"size is 2 x 3, expected a square matrix"});
  expect_contains(mtx_refusal_of("%%MatrixMarket matrix array real general\n1000000000 1000000000\n5\n"),
                  {"ends before the value of row 2, column 1"});
}

TEST(Mtx, LocatesBadEntries) {
  expect_contains(mtx_refusal_of(coordinates("% note\n2 2 2\n1 1 1\n3 1 1\n")),
                  {"x.mtx: line 5: row is '3', expected a whole number from 1 to 2"});
  expect_contains(mtx_refusal_of(coordinates("2 2 1\n1 0 1\n")), {"line 3: column is '0'"});
  expect_contains(mtx_refusal_of(coordinates("2 2 1\n1 1.5 1\n")), {"column is '1.5'"});
  expect_contains(mtx_refusal_of(coordinates("2 2 1\n1 1 x\n")), {"line 3: value is 'x', expected a finite number"});
  expect_contains(mtx_refusal_of(coordinates("2 2 1\n1 1 nan\n")), {"value is 'nan'"});
  expect_contains(mtx_refusal_of(coordinates("2 2 1\n1 1 1e400\n")), {"value is '1e400'"});
  expect_contains(mtx_refusal_of(coordinates("2 2 1\n1 1\n")), {"has 2 words, expected 3: row column value"});
  expect_contains(mtx_refusal_of(coordinates("2 2 1\n1 1 1\n1 2 1\n")), {"line 4: goes on after the last entry"});
  expect_contains(mtx_refusal_of("%%MatrixMarket matrix coordinate integer general\n1 1 1\n1 1 2.5\n"),
                  {"expected a whole number"});
  expect_contains(mtx_refusal_of("%%MatrixMarket matrix coordinate real skew-symmetric\n2 2 1\n1 1 2\n"),
                  {"line 3: is on the diagonal"});
  expect_contains(mtx_refusal_of("%%MatrixMarket matrix array real general\n1 1\ninf\n"), {"value is 'inf'"});
}

}  // namespace
}  // namespace gossan
