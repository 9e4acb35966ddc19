// The operators that can be chosen by name, and how each is made from an array.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>
#include <utility>

#include "gossan/operators.hpp"
#include "gossan/random.hpp"

namespace gossan {
namespace {

using Shape = std::span<const Index>;
using Values = std::span<const double>;

constexpr Index most_index = 100'000'000;  // beyond it, an index in a file is a mistake, not a matrix that memory holds

[[noreturn]] void refuse(const std::string& who, Shape shape, const std::string& expected) {
  throw std::invalid_argument(fmt::format("{}: the array is {}, expected {}", who, fmt::join(shape, " x "), expected));
}

void check_size(const std::string& who, Shape shape, Values values) {
  Index size = 1;
  bool fits = !shape.empty();
  for (const Index length : shape) fits = fits && length >= 0 && !__builtin_mul_overflow(size, length, &size);
  if (!fits || size != static_cast<Index>(values.size()))
    refuse(who, shape, fmt::format("a shape of its {} numbers", values.size()));
}

std::unique_ptr<Operator> make_dense(Shape shape, Values values, Index rows, Index cols) {
  check_size("dense", shape, values);
  const bool told = shape.size() == 3;
  const bool fits =
      told ? (rows == 0 || rows == shape[1]) && (cols == 0 || cols == shape[2])
           : shape.size() == 2 && rows > 0 && cols > 0 && rows <= shape[1] && shape[1] % rows == 0 && shape[1] / rows == cols;
  if (!fits)
    refuse("dense", shape,
           rows > 0 || cols > 0 ? fmt::format("n x {0} x {1}, or n x {0} {1}", rows, cols)
                                : "n x rows x cols (or n x rows cols, with rows and cols given)");
  if (values.empty()) refuse("dense", shape, "at least one matrix of at least 1 x 1");
  const Index n = shape[0], d = static_cast<Index>(values.size()) / n;
  return dense(Matrix(Eigen::Map<const Matrix>(values.data(), n, d)), told ? shape[1] : rows, told ? shape[2] : cols);
}

std::unique_ptr<Operator> make_design(Shape shape, Values values, Index rows, Index cols) {
  check_size("design", shape, values);
  if (shape.size() != 2 || values.empty() || (rows != 0 && rows != shape[1]) || cols > 1)
    refuse("design", shape, "n x d, at least one row of at least one number, for an unknown of d x 1");
  return design(Matrix(Eigen::Map<const Matrix>(values.data(), shape[0], shape[1])));
}

std::unique_ptr<Operator> make_rank_one(Shape shape, Values values, Index rows, Index cols) {
  check_size("rank-one", shape, values);
  if (shape.size() != 2 || values.empty()) refuse("rank-one", shape, "n x d, at least one vector of at least one number");
  for (const Index told : {rows, cols})
    if (told != 0 && told != shape[1]) refuse("rank-one", shape, fmt::format("n x {}", told));
  return rank_one(Matrix(Eigen::Map<const Matrix>(values.data(), shape[0], shape[1])));
}

// n x 2 x d tells that the matrix is square; of n x (rows + cols) the caller tells one.
std::unique_ptr<Operator> make_rank_one_pair(Shape shape, Values values, Index rows, Index cols) {
  check_size("rank-one-pair", shape, values);
  const bool square = shape.size() == 3 && shape[1] == 2, flat = shape.size() == 2;
  const Index length = square ? 2 * shape[2] : flat ? shape[1] : 0;
  if (rows == 0) rows = square ? shape[2] : cols > 0 ? length - cols : 0;
  if (cols == 0) cols = length - rows;
  if (values.empty() || rows < 1 || cols < 1 || rows > length || rows != length - cols || (square && rows != cols))
    refuse("rank-one-pair", shape, "n x 2 x d, or n x (rows + cols) with rows or cols given");
  const Eigen::Map<const Matrix> ab(values.data(), shape[0], length);
  return rank_one(Matrix(ab.leftCols(rows)), Matrix(ab.rightCols(cols)));
}

struct Indices {
  std::vector<Index> i, j;
};

Index index_of(const std::string& who, double value, std::size_t row, const char* column) {
  if (!(value >= 0 && value <= static_cast<double>(most_index)) || value != std::floor(value))
    throw std::invalid_argument(
        fmt::format("{}: {} of row {} is {}, expected a whole number from 0 to {}", who, column, row, value, most_index));
  return static_cast<Index>(value);
}

Indices indices_of(const std::string& who, Shape shape, Values values) {
  check_size(who, shape, values);
  if (shape.size() != 2 || shape[1] != 2 || shape[0] == 0) refuse(who, shape, "n x 2 indices from 0, at least one row");
  Indices indices;
  for (std::size_t e = 0; 2 * e < values.size(); ++e) {
    indices.i.push_back(index_of(who, values[2 * e], e, "i"));
    indices.j.push_back(index_of(who, values[2 * e + 1], e, "j"));
  }
  return indices;
}

Index one_more_than_largest(const std::vector<Index>& index) { return *std::max_element(index.begin(), index.end()) + 1; }

std::unique_ptr<Operator> make_differences(Shape shape, Values values, Index rows, Index cols) {
  auto [i, j] = indices_of("differences", shape, values);
  if (rows != cols && rows != 0 && cols != 0)
    throw std::invalid_argument(fmt::format("differences: the matrix is {} x {}, expected a square one", rows, cols));
  const Index told = std::max(rows, cols);
  const Index points = told != 0 ? told : std::max(one_more_than_largest(i), one_more_than_largest(j));
  return differences(points, std::move(i), std::move(j));
}

std::unique_ptr<Operator> make_entries(Shape shape, Values values, Index rows, Index cols) {
  auto [i, j] = indices_of("entries", shape, values);
  const Index tall = rows != 0 ? rows : one_more_than_largest(i), wide = cols != 0 ? cols : one_more_than_largest(j);
  return entries(tall, wide, std::move(i), std::move(j));
}

// The array only tells the shape: measurement e must be the entry in row e / cols and column e % cols.
std::unique_ptr<Operator> make_full(Shape shape, Values values, Index rows, Index cols) {
  const auto [i, j] = indices_of("full", shape, values);
  const Index tall = rows != 0 ? rows : one_more_than_largest(i), wide = cols != 0 ? cols : one_more_than_largest(j);
  bool every = tall <= shape[0] && wide <= shape[0] && tall * wide == shape[0];
  for (Index e = 0; every && e < shape[0]; ++e)
    every = i[static_cast<std::size_t>(e)] == e / wide && j[static_cast<std::size_t>(e)] == e % wide;
  if (!every) refuse("full", shape, fmt::format("n x 2, every entry of the {} x {} matrix once, row by row", tall, wide));
  return full(tall, wide);
}

// The samples have two granules of measurements and an odd tail.
constexpr Index sample_size = 2 * Operator::granule + 3;

std::unique_ptr<Operator> sample_dense(std::uint64_t seed) {
  constexpr Index rows = 7, cols = 5;
  return dense(normal_matrix(sample_size, rows * cols, Random(seed, 0)), rows, cols);
}

std::unique_ptr<Operator> sample_design(std::uint64_t seed) { return design(normal_matrix(sample_size, 19, Random(seed, 6))); }

std::unique_ptr<Operator> sample_rank_one(std::uint64_t seed) {
  return rank_one(normal_matrix(sample_size, 11, Random(seed, 3)));
}

std::unique_ptr<Operator> sample_rank_one_pair(std::uint64_t seed) {
  return rank_one(normal_matrix(sample_size, 7, Random(seed, 4)), normal_matrix(sample_size, 9, Random(seed, 5)));
}

std::unique_ptr<Operator> sample_differences(std::uint64_t seed) {
  const Random random(seed, 1);
  constexpr Index points = 17;
  std::vector<Index> i, j;
  for (Index e = 0; e < sample_size; ++e) {
    i.push_back(random.below(2 * e, points));
    j.push_back((i.back() + 1 + random.below(2 * e + 1, points - 1)) % points);
  }
  return differences(points, std::move(i), std::move(j));
}

std::unique_ptr<Operator> sample_entries(std::uint64_t seed) {
  const Random random(seed, 2);
  std::vector<Index> i, j;
  for (Index e = 0; e < sample_size; ++e) {
    i.push_back(random.below(2 * e, 13));
    j.push_back(random.below(2 * e + 1, 19));
  }
  return entries(13, 19, std::move(i), std::move(j));
}

std::unique_ptr<Operator> sample_full(std::uint64_t /*seed*/) { return full(5, 3); }

}  // namespace

const std::vector<OperatorRow>& operators() {
  static const std::vector<OperatorRow> table = {
      {"dense", "any linear measurements, their matrices held densely: <A_i, X>", "n x rows x cols, one matrix a measurement",
       make_dense, sample_dense},
      {"design", "linear regression: the inner products of rows with an unknown vector", "n x d, one row a measurement",
       make_design, sample_design},
      {"rank-one", "quadratic measurements, such as intensities: a_i^T X a_i", "n x d, one vector a_i a measurement",
       make_rank_one, sample_rank_one},
      {"rank-one-pair", "bilinear measurements, such as blind deconvolution: a_i^T X b_i",
       "n x 2 x d, the vectors a_i and b_i of each measurement; or n x (rows + cols), with rows or cols given",
       make_rank_one_pair, sample_rank_one_pair},
      {"differences", "squared distances between points, from their Gram matrix: X_ii - X_ij - X_ji + X_jj",
       "n x 2, the points i and j of each pair, from 0", make_differences, sample_differences},
      {"entries", "entries of the matrix: X_ij", "n x 2, the row i and column j of each entry, from 0", make_entries,
       sample_entries},
      {"full", "every entry of the matrix: X_ij row by row", "n x 2, the row i and column j of every entry, row by row, from 0",
       make_full, sample_full},
  };
  return table;
}

}  // namespace gossan
