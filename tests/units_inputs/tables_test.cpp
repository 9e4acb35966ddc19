#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include "gossan/inputs.hpp"
#include "gossan/operators.hpp"
#include "refusal.hpp"
#include "temporary_folder.hpp"

namespace gossan {
namespace {

using testing::expect_contains;
using testing::refusal;

constexpr double hole = std::numeric_limits<double>::quiet_NaN();

Matrix whole(const TableFile& file) {
  Matrix values(file.table.rows, file.table.cols);
  file.table.read(0, std::span(values.data(), static_cast<std::size_t>(values.size())));
  return values;
}

bool same(const Matrix& a, const Matrix& b) {
  const auto equal = [](double x, double y) { return x == y || (std::isnan(x) && std::isnan(y)); };
  return a.rows() == b.rows() && a.cols() == b.cols() && a.binaryExpr(b, equal).all();
}

TEST(TableFiles, HoldTheSameInEveryFormat) {
  const TemporaryFolder folder;
  const Matrix values{{1, hole, 3}, {hole, 5, -6}};
  write_npy(folder / "y.npy", values);
  folder.write("y.csv", "1,,3\n,5,-6\n");
  folder.write("y.mtx", "%%MatrixMarket matrix coordinate real general\n2 3 4\n2 3 -6\n1 1 1\n1 3 3\n2 2 5\n");
  for (const char* name : {"y.npy", "y.csv", "y.mtx"}) EXPECT_TRUE(same(whole(read_table(folder / name, "")), values)) << name;
  EXPECT_TRUE(read_table(folder / "y.npy", "").streams);
  EXPECT_FALSE(read_table(folder / "y.csv", "").streams);
  const Ratings entries{2, 3, {1, 0, 0, 1}, {2, 0, 2, 1}, {-6, 1, 3, 5}};
  EXPECT_TRUE(same(whole(table_of(entries, "y")), values));
}

TEST(TableFiles, RefusalsNameTheEntry) {
  const TemporaryFolder folder;
  write_npy(folder / "large.npy", Matrix{{1, 2}, {-1e151, 4}});
  expect_contains(refusal([&] { read_table(folder / "large.npy", ""); }), {"large.npy", "entry (1, 0)", "1e150"});
  folder.write("twice.mtx", "%%MatrixMarket matrix coordinate real general\n2 2 2\n2 1 3\n2 1 3\n");
  expect_contains(refusal([&] { read_table(folder / "twice.mtx", ""); }), {"row 2, column 1 twice"});
  folder.write("huge.mtx", "%%MatrixMarket matrix coordinate real general\n1000000 1000000 1\n1 1 3\n");
  expect_contains(refusal([&] { read_table(folder / "huge.mtx", ""); }), {"1000000 x 1000000", "2^31"});
  write_npy(folder / "cube.npy", std::vector<double>(8, 1.0), std::vector<Index>{2, 2, 2});
  expect_contains(refusal([&] { read_table(folder / "cube.npy", ""); }), {"shape (2, 2, 2)", "expected a matrix"});
  expect_contains(refusal([&] { table_of(Ratings{1, 1, {0}, {0}, {HUGE_VAL}}, "theirs"); }), {"theirs", "entry (0, 0)", "inf"});
}

TEST(WholeMatrices, AreFiniteAndOfTheOperatorsShape) {
  const TemporaryFolder folder;
  write_npy(folder / "x.npy", std::vector<double>{1, 2}, std::vector<Index>{2});
  EXPECT_EQ(read_matrix(folder / "x.npy"), (Matrix{{1}, {2}}));
  EXPECT_EQ(read_true_matrix(folder / "x.npy", *full(2, 1)), (Matrix{{1}, {2}}));
  expect_contains(refusal([&] { read_true_matrix(folder / "x.npy", *full(1, 2)); }), {"x.npy", "shape", "1 x 2"});
  write_npy(folder / "zero.npy", Matrix::Zero(2, 2));
  expect_contains(refusal([&] { read_true_matrix(folder / "zero.npy", *full(2, 2)); }), {"zero.npy", "all zero"});
  write_npy(folder / "holes.npy", Matrix{{1, hole}});
  expect_contains(refusal([&] { read_matrix(folder / "holes.npy"); }), {"entry (0, 1)", "nan"});
}

}  // namespace
}  // namespace gossan
