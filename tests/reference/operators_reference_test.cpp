// The kernels of operators against the obvious loops, at sizes that are awkward for blocks and vector instructions.
#include <gtest/gtest.h>

#include <limits>
#include <stdexcept>

#include "gossan/linalg.hpp"
#include "gossan/operators.hpp"
#include "gossan/random.hpp"
#include "reference/agreement.hpp"
#include "simd_guard.hpp"

namespace gossan {
namespace {

void expect_dense_same(Index n, const Size& size) {
  const Matrix data = normal_matrix(n, size.rows * size.cols, Random(1, 0));
  const Matrix L = normal_matrix(size.rows, size.rank, Random(1, 1)), R = normal_matrix(size.cols, size.rank, Random(1, 2));
  const auto entry = [&](Index e, Index a, Index b) { return data(e, a * size.cols + b); };
  const auto borrowed = dense(std::span(data.data(), static_cast<std::size_t>(data.size())), n, size.rows, size.cols);
  expect_same(*borrowed, entry, L, R);
  const auto owned = dense(data, size.rows, size.cols);
  expect_same(*owned, entry, L, R);
}

TEST(DenseReference, AgreesAtAwkwardSizes) {
  for (const Index n : counts)
    for (const Size& size : sizes) expect_dense_same(n, size);
}

TEST(DenseReference, AgreesOverManyBlocksAndParts) {
  expect_dense_same(8325, {17, 17, 2});  // three blocks of one granule a part
  expect_dense_same(20001, {3, 2, 2});   // blocks of many granules
  expect_dense_same(66, {200, 65, 3});   // a granule that no cache of a core holds
}

struct Pairs {
  std::vector<Index> i, j;
};

Pairs draw_pairs(Index n, Index rows, Index cols, bool distinct) {
  const Random random(2, static_cast<std::uint64_t>(n));
  Pairs pairs;
  for (Index e = 0; e < n; ++e) {
    pairs.i.push_back(random.below(2 * e, rows));
    pairs.j.push_back(distinct ? (pairs.i.back() + 1 + random.below(2 * e + 1, cols - 1)) % cols : random.below(2 * e + 1, cols));
  }
  return pairs;
}

void expect_differences_same(Index n, Index points, Index rank) {
  const auto [i, j] = draw_pairs(n, points, points, true);
  const Matrix L = normal_matrix(points, rank, Random(3, 1)), R = normal_matrix(points, rank, Random(3, 2));
  const auto entry = [i = &i, j = &j](Index e, Index a, Index b) {
    const Index from = (*i)[static_cast<std::size_t>(e)], to = (*j)[static_cast<std::size_t>(e)];
    return double((a == from) - (a == to)) * double((b == from) - (b == to));
  };
  const auto A = differences(points, i, j);
  expect_same(*A, entry, L, R);
  expect_same(*A, entry, L, L);
}

TEST(DifferencesReference, AgreesAtAwkwardSizesOnEveryInstructionSet) {
  const SimdGuard guard;
  for (const std::string& level : simd_levels()) {
    set_simd_level(level);
    SCOPED_TRACE(level);
    for (const Index n : counts)
      for (const Index points : {2, 3, 17}) expect_differences_same(n, points, 1 + n % 5);
    for (const Index rank : {3, 7, 8, 9, 16, 17, 33}) expect_differences_same(17, 17, rank);
  }
}

TEST(EntriesReference, AgreesAtAwkwardSizes) {
  for (const Index n : counts)
    for (const Size& size : sizes) {
      const auto [i, j] = draw_pairs(n, size.rows, size.cols, false);
      const Matrix L = normal_matrix(size.rows, size.rank, Random(4, 1)), R = normal_matrix(size.cols, size.rank, Random(4, 2));
      const auto entry = [i = &i, j = &j](Index e, Index a, Index b) {
        return a == (*i)[static_cast<std::size_t>(e)] && b == (*j)[static_cast<std::size_t>(e)] ? 1.0 : 0.0;
      };
      expect_same(*entries(size.rows, size.cols, i, j), entry, L, R);
    }
}

// --- making operators ----------------------------------------------------------------------------------------------------

const OperatorRow& named(std::string_view name) {
  for (const OperatorRow& row : operators())
    if (row.name == name) return row;
  throw std::invalid_argument("no operator of that name");
}

std::unique_ptr<Operator> make(std::string_view name, std::vector<Index> shape, const std::vector<double>& values, Index rows = 0,
                               Index cols = 0) {
  return named(name).make(shape, values, rows, cols);
}

TEST(MakeDense, ReadsTheShapeFromTheArrayOrTheCaller) {
  const std::vector<double> values = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
  for (const auto& A :
       {make("dense", {2, 2, 3}, values), make("dense", {2, 2, 3}, values, 2, 3), make("dense", {2, 6}, values, 2, 3)}) {
    EXPECT_EQ(A->measurements(), 2);
    EXPECT_EQ(A->rows(), 2);
    EXPECT_EQ(A->cols(), 3);
    EXPECT_EQ(whole_adjoint(*A, std::vector<double>{0, 1}), (Matrix(2, 3) << 7, 8, 9, 10, 11, 12).finished());
  }
  EXPECT_THROW(make("dense", {2, 6}, values), std::invalid_argument);
  EXPECT_THROW(make("dense", {2, 6}, values, 4, 2), std::invalid_argument);
  EXPECT_THROW(make("dense", {2, 6}, values, Index{1} << 62, 8), std::invalid_argument);
  EXPECT_THROW(make("dense", {2, 2, 3}, values, 3, 2), std::invalid_argument);
  EXPECT_THROW(make("dense", {1, 2, 2, 3}, values), std::invalid_argument);
}

TEST(MakeDense, RefusesDataThatAreNotFiniteAndSaysWhere) {
  for (double bad : {std::numeric_limits<double>::quiet_NaN(), -std::numeric_limits<double>::infinity()}) {
    try {
      make("dense", {2, 2, 1}, {1, 2, 3, bad});
      FAIL() << "accepted " << bad;
    } catch (const std::invalid_argument& error) {
      EXPECT_NE(std::string(error.what()).find("entry 1 of matrix 1"), std::string::npos) << error.what();
    }
  }
}

TEST(MakeDense, RefusesShapesThatOverflow) {
  const Matrix one = Matrix::Ones(1, 1);
  const std::span<const double> view(one.data(), 1);
  constexpr Index huge = Index{1} << 32;
  EXPECT_THROW(dense(view, 1, huge, huge), std::invalid_argument);
  EXPECT_THROW(dense(view, huge, huge, 1), std::invalid_argument);
  EXPECT_THROW(dense(view, 1, -1, -1), std::invalid_argument);
  EXPECT_THROW(dense(view, 0, 1, 1), std::invalid_argument);
  EXPECT_THROW(dense(Matrix(0, 4), 2, 2), std::invalid_argument);
}

TEST(MakePairs, CountsThePointsItself) {
  EXPECT_EQ(make("differences", {2, 2}, {0, 1, 4, 2})->rows(), 5);
  EXPECT_EQ(make("differences", {2, 2}, {0, 1, 4, 2}, 9)->cols(), 9);
  const auto A = make("entries", {2, 2}, {0, 6, 4, 2}, 0, 8);
  EXPECT_EQ(A->rows(), 5);
  EXPECT_EQ(A->cols(), 8);
}

TEST(MakePairs, RefuseIndicesThatAreNone) {
  for (const char* name : {"differences", "entries"}) {
    for (double bad : {-1.0, 0.5, 1e9, 1e300, std::numeric_limits<double>::quiet_NaN()})
      EXPECT_THROW(make(name, {2, 2}, {0, 1, bad, 0}), std::invalid_argument) << name << " " << bad;
    EXPECT_THROW(make(name, {2, 2}, {0, 1, 5, 2}, 4, 4), std::invalid_argument);
    EXPECT_THROW(make(name, {1, 3}, {0, 1, 2}), std::invalid_argument);
  }
  EXPECT_THROW(make("differences", {2, 2}, {0, 1, 2, 2}), std::invalid_argument);
  EXPECT_THROW(make("differences", {2, 2}, {0, 1, 2, 1}, 3, 4), std::invalid_argument);
  EXPECT_THROW(differences(3, {0, 1}, {1}), std::invalid_argument);
  EXPECT_THROW(differences(3, {}, {}), std::invalid_argument);
  EXPECT_THROW(differences(0, {0}, {0}), std::invalid_argument);
  EXPECT_THROW(entries(Index{1} << 40, 3, {0}, {1}), std::invalid_argument);
}

}  // namespace
}  // namespace gossan
