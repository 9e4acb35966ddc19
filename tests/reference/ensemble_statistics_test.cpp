// Implicit matrices look like what they are called: moments, and no correlation between rows, entries, seeds or generators.
// Bounds are five standard errors.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string>

#include "gossan/operators.hpp"
#include "linalg/kernels/counter_bits.hpp"

namespace gossan {
namespace {

constexpr Index rows = 400, side = 40, entries_of_a_row = side * side;
constexpr double count = static_cast<double>(rows * entries_of_a_row);

struct Case {
  std::string ensemble, generator;
  double kurtosis;
};
void PrintTo(const Case& each, std::ostream* out) { *out << each.ensemble << " by " << each.generator; }

Matrix drawn(const std::string& ensemble, const std::string& generator, std::uint64_t seed) {
  const ImplicitOptions options{
      .ensemble = ensemble, .generator = generator, .seed = seed, .measurements = rows, .rows = side, .cols = side};
  Matrix A(rows, entries_of_a_row);
  for (Index i = 0; i < rows; ++i) ensemble_row(options, i, {A.row(i).data(), static_cast<std::size_t>(A.cols())});
  return A;
}

double mean_product(const Matrix& A, const Matrix& B) { return A.cwiseProduct(B).mean(); }

class EnsembleStatistics : public testing::TestWithParam<Case> {
 protected:
  Matrix A = drawn(GetParam().ensemble, GetParam().generator, 7);
};

TEST_P(EnsembleStatistics, HasTheMomentsOfItsName) {
  const double kurtosis = GetParam().kurtosis;
  EXPECT_NEAR(A.mean(), 0, 5 / std::sqrt(count));
  EXPECT_NEAR(A.array().square().mean(), 1, 5 * std::sqrt((kurtosis - 1) / count) + 1e-12);
  EXPECT_NEAR(A.array().cube().mean(), 0, 5 * std::sqrt(15 / count));
  EXPECT_NEAR(A.array().square().square().mean(), kurtosis, 5 * std::sqrt(96 / count) + 0.005);
  // Every entry and every measurement by itself.
  EXPECT_LE(A.colwise().mean().cwiseAbs().maxCoeff(), 6 / std::sqrt(static_cast<double>(rows)));
  EXPECT_LE(A.rowwise().mean().cwiseAbs().maxCoeff(), 6 / std::sqrt(static_cast<double>(entries_of_a_row)));
}

TEST_P(EnsembleStatistics, RowsAndEntriesAreUncorrelated) {
  for (const Index lag : {1, 2, 16, 64}) {
    const double among_rows = static_cast<double>((rows - lag) * entries_of_a_row);
    EXPECT_NEAR(mean_product(A.topRows(rows - lag), A.bottomRows(rows - lag)), 0, 5 / std::sqrt(among_rows)) << "rows, " << lag;
  }
  for (const Index lag : {1, 4, 16, 32, 128, 256}) {
    const Index left = entries_of_a_row - lag;
    EXPECT_NEAR(mean_product(A.leftCols(left), A.rightCols(left)), 0, 5 / std::sqrt(static_cast<double>(rows * left)))
        << "entries, " << lag;
  }
}

TEST_P(EnsembleStatistics, SeedsAndGeneratorsAreUncorrelated) {
  const std::string other = GetParam().generator == "ars" ? "philox" : "ars";
  for (const Matrix& B :
       {drawn(GetParam().ensemble, GetParam().generator, 8),
        drawn(GetParam().ensemble, GetParam().generator, 7 + (std::uint64_t{1} << 40)), drawn(GetParam().ensemble, other, 7)})
    EXPECT_NEAR(mean_product(A, B), 0, 5 / std::sqrt(count));
}

INSTANTIATE_TEST_SUITE_P(Ensembles, EnsembleStatistics,
                         testing::Values(Case{"gaussian", "philox", 3}, Case{"gaussian", "ars", 3},
                                         Case{"gaussian-table", "philox", 2.93}, Case{"gaussian-table", "ars", 2.93},
                                         Case{"rademacher", "philox", 1}, Case{"rademacher", "ars", 1}),
                         [](const auto& each) {
                           std::string name = each.param.ensemble + "_" + each.param.generator;
                           std::replace(name.begin(), name.end(), '-', '_');
                           return name;
                         });

TEST(EnsembleBits, BytesAreUniform) {
  for (const Generator generator : {Generator::philox, Generator::ars}) {
    std::array<double, 256> seen{};
    constexpr std::uint32_t blocks = 40000;
    for (std::uint32_t b = 0; b < blocks; ++b) {
      for (const std::uint32_t word : bit_block({generator, 3, 0x80000002}, b / 100, b % 100))
        for (int byte = 0; byte < 4; ++byte) ++seen[word >> (8 * byte) & 255U];
    }
    constexpr double expected = 16.0 * blocks / 256;
    double chi_square = 0;
    for (const double each : seen) chi_square += (each - expected) * (each - expected) / expected;
    EXPECT_NEAR(chi_square, 255, 5 * std::sqrt(2 * 255.0));
  }
}

}  // namespace
}  // namespace gossan
