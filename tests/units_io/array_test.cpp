#include <cmath>

#include "io_testing.hpp"

namespace gossan {
namespace {

using namespace testing;

using Shape = std::vector<Index>;
using Values = std::vector<double>;

TEST(ReadArray, GoesByTheExtension) {
  const TemporaryFolder folder;
  EXPECT_EQ(read_array(corpus("npy/f8_little.npy")).shape, (Shape{2, 3}));
  EXPECT_EQ(read_array(corpus("mat/cube.mat")).shape, (Shape{2, 3, 4}));
  EXPECT_EQ(read_array(corpus("mtx/array.mtx")).values, (Values{0, 1, 2, 3, 4, 5}));
  EXPECT_EQ(read_array(folder.write("TABLE.CSV", "a,b\n1,2\n3,4\n")).values, (Values{1, 2, 3, 4}));
  EXPECT_EQ(read_array(corpus("csv/no_header.csv")).shape, (Shape{2, 2}));
  expect_contains(refusal([&] { read_array(folder.write("x.xlsx", "1")); }),
                  {"x.xlsx: has the extension '.xlsx', expected .npy, .npz"});
}

TEST(ReadArray, TakesTheNamedOneOrTheOnlyOne) {
  EXPECT_EQ(read_array(corpus("npz/stored.npz"), "y").values, (Values{0, 1, 2}));
  EXPECT_EQ(read_array(corpus("mat/mixed.mat"), "small").values[5], 5.0);
  expect_contains(refusal([] { read_array(corpus("npz/stored.npz")); }),
                  {"stored.npz: holds 'A', 'y', expected one array or the name of one"});
  expect_contains(refusal([] { read_array(corpus("npz/stored.npz"), "B"); }), {"has no array 'B', but 'A', 'y'"});
  expect_contains(refusal([] { read_array(corpus("npz/no_arrays.npz")); }), {"holds no array"});
  expect_contains(refusal([] { read_array(corpus("mat/mixed.mat"), "z"); }),
                  {"variable 'z': is complex, expected a dense array of real numbers"});
  EXPECT_THROW(read_array(corpus("npy/f8_little.npy"), "A"), std::invalid_argument);
}

TEST(ReadArray, MissingCellsAreNaN) {
  const TemporaryFolder folder;
  const Array array = read_array(folder.write("holes.csv", "1,,NA\nnan,NaN,6\n"));
  for (const std::size_t hole : {1U, 2U, 3U, 4U}) EXPECT_TRUE(std::isnan(array.values[hole])) << hole;
  EXPECT_EQ(array.values[5], 6.0);
  expect_contains(refusal([&] { read_array(folder.write("bad.csv", "1,2\n3,x\n")); }), {"bad.csv: line 2: column 2 is 'x'"});
}

TEST(ReadArray, AMatrixMarketFileMustBeWhole) {
  const TemporaryFolder folder;
  const std::string banner = "%%MatrixMarket matrix coordinate real general\n";
  EXPECT_EQ(read_array(folder.write("full.mtx", banner + "1 2 2\n1 2 5\n1 1 4\n")).values, (Values{4, 5}));
  expect_contains(refusal([] { read_array(corpus("mtx/general.mtx")); }),
                  {"has 3 entries of a 3 x 3 matrix, expected all of them"});
  expect_contains(refusal([&] { read_array(folder.write("twice.mtx", banner + "1 2 2\n1 2 5\n1 2 4\n")); }),
                  {"has row 1, column 2 twice"});
}

}  // namespace
}  // namespace gossan
