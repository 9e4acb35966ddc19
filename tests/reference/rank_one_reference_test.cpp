// Measurement matrices of rank one against the obvious loops.
#include <stdexcept>

#include "gossan/linalg.hpp"
#include "gossan/random.hpp"
#include "reference/agreement.hpp"
#include "simd_guard.hpp"
#include "threads_guard.hpp"

namespace gossan {
namespace {

std::span<const double> view(const Matrix& M) { return {M.data(), static_cast<std::size_t>(M.size())}; }

void expect_quadratic_same(Index n, Index d, Index r) {
  const Matrix a = normal_matrix(n, d, Random(1, 0));
  const Matrix L = normal_matrix(d, r, Random(1, 1)), R = normal_matrix(d, r, Random(1, 2));
  const auto entry = [&](Index e, Index i, Index j) { return a(e, i) * a(e, j); };
  expect_same(*rank_one(view(a), n, d), entry, L, R);
  expect_same(*rank_one(a), entry, L, L);
}

void expect_pair_same(Index n, const Size& size) {
  const Matrix a = normal_matrix(n, size.rows, Random(2, 0)), b = normal_matrix(n, size.cols, Random(2, 1));
  const Matrix L = normal_matrix(size.rows, size.rank, Random(2, 2)), R = normal_matrix(size.cols, size.rank, Random(2, 3));
  const auto entry = [&](Index e, Index i, Index j) { return a(e, i) * b(e, j); };
  expect_same(*rank_one(view(a), view(b), n, size.rows, size.cols), entry, L, R);
  expect_same(*rank_one(a, b), entry, L, R);
  if (size.rows == size.cols) expect_same(*rank_one(a, b), entry, L, L);
}

TEST(RankOneReference, AgreesAtAwkwardSizesOnEveryInstructionSet) {
  const SimdGuard guard;
  for (const std::string& level : simd_levels()) {
    set_simd_level(level);
    SCOPED_TRACE(level);
    for (const Index n : counts)
      for (const Size& size : sizes) {
        expect_pair_same(n, size);
        expect_quadratic_same(n, size.rows, size.rank);
      }
  }
}

TEST(RankOneReference, AgreesOverManyBlocksAndParts) {
  expect_quadratic_same(8333, 7, 2);
  expect_pair_same(8333, {5, 3, 3});
  expect_quadratic_same(70, 600, 2);  // blocks of few vectors, because these are long
}

TEST(RankOneReference, GivesTheSameBitsOnAnyNumberOfThreads) {
  const ThreadsGuard guard;
  const auto A = rank_one(normal_matrix(9001, 23, Random(3, 0)), normal_matrix(9001, 12, Random(3, 1)));
  const Matrix L = normal_matrix(23, 5, Random(3, 2)), R = normal_matrix(12, 5, Random(3, 3));
  Matrix GL, GR, GL1, GR1;
  set_threads(1);
  A->sweep(L, R, weigh, &GL1, &GR1);
  for (const int count : {2, 3}) {
    set_threads(count);
    A->sweep(L, R, weigh, &GL, &GR);
    EXPECT_EQ(GL, GL1);
    EXPECT_EQ(GR, GR1);
  }
}

std::unique_ptr<Operator> make(std::string_view name, std::vector<Index> shape, Index rows, Index cols) {
  std::vector<double> values;
  for (int k = 1; k <= 12; ++k) values.push_back(k);
  for (const OperatorRow& row : operators())
    if (row.name == name) return row.make(shape, values, rows, cols);
  throw std::logic_error("no operator of that name");
}

TEST(MakeRankOne, ReadsTheShapeFromTheArrayOrTheCaller) {
  EXPECT_EQ(whole_adjoint(*make("rank-one", {6, 2}, 0, 2), std::vector<double>{0, 1, 0, 0, 0, 0}),
            (Matrix(2, 2) << 9, 12, 12, 16).finished());
  const std::vector<double> second = {0, 1};
  const Matrix square = (Matrix(3, 3) << 70, 77, 84, 80, 88, 96, 90, 99, 108).finished();
  EXPECT_EQ(whole_adjoint(*make("rank-one-pair", {2, 2, 3}, 0, 0), second), square);
  EXPECT_EQ(whole_adjoint(*make("rank-one-pair", {2, 2, 3}, 3, 0), second), square);
  const Matrix oblong = (Matrix(2, 4) << 63, 70, 77, 84, 72, 80, 88, 96).finished();
  EXPECT_EQ(whole_adjoint(*make("rank-one-pair", {2, 6}, 2, 0), second), oblong);
  EXPECT_EQ(whole_adjoint(*make("rank-one-pair", {2, 6}, 0, 4), second), oblong);
  EXPECT_EQ(whole_adjoint(*make("rank-one-pair", {2, 6}, 2, 4), second), oblong);
}

TEST(MakeRankOne, RefusesWhatDoesNotFit) {
  struct Case {
    const char* name;
    std::vector<Index> shape;
    Index rows, cols;
  };
  for (const auto& [name, shape, rows, cols] : std::initializer_list<Case>{{"rank-one", {6, 2}, 3, 0},
                                                                           {"rank-one", {6, 2}, 2, 3},
                                                                           {"rank-one", {2, 2, 3}, 0, 0},
                                                                           {"rank-one-pair", {2, 6}, 0, 0},
                                                                           {"rank-one-pair", {2, 6}, 6, 0},
                                                                           {"rank-one-pair", {2, 6}, 0, 7},
                                                                           {"rank-one-pair", {2, 6}, 3, 4},
                                                                           {"rank-one-pair", {2, 6}, -1, 7},
                                                                           {"rank-one-pair", {2, 2, 3}, 2, 4},
                                                                           {"rank-one-pair", {2, 3, 2}, 3, 3}})
    EXPECT_THROW(make(name, shape, rows, cols), std::invalid_argument) << name << " " << rows << " " << cols;
  EXPECT_THROW(rank_one(Matrix::Ones(3, 2), Matrix::Ones(2, 2)), std::invalid_argument);
  EXPECT_THROW(rank_one(Matrix(0, 2)), std::invalid_argument);
  const Matrix one = Matrix::Ones(1, 1);
  EXPECT_THROW(rank_one(view(one), Index{1} << 32, Index{1} << 32), std::invalid_argument);
  Matrix bad = Matrix::Ones(3, 2);
  bad(2, 1) = std::numeric_limits<double>::infinity();
  try {
    rank_one(Matrix::Ones(3, 4), bad);
    FAIL() << "accepted infinity";
  } catch (const std::invalid_argument& error) {
    EXPECT_NE(std::string(error.what()).find("entry 1 of vector 2 of b"), std::string::npos) << error.what();
  }
}

}  // namespace
}  // namespace gossan
