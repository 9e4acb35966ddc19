#include "recover/sense/statistics.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "gossan/linalg.hpp"
#include "gossan/random.hpp"

namespace gossan::sensing {
namespace {

TEST(SenseStatistics, TheCoreIgnoresAThirdOfOutliers) {
  const Random random(1, 1);
  std::vector<double> sizes;
  for (Index e = 0; e < 3000; ++e) sizes.push_back(std::abs(random.normal(e)) * (e % 3 == 0 ? 1000 : 0.5));
  const Core core = find_core(sizes, 0);
  EXPECT_NEAR(core.scale, 0.5, 0.03);
  EXPECT_NEAR(core.cut, 5 * core.scale, 1e-12);
}

TEST(SenseStatistics, ExactResidualsAreCutAtTheFloor) {
  const Core core = find_core({0, 0, 0, 0, 7}, 1e-3);
  EXPECT_EQ(core.scale, 0);
  EXPECT_EQ(core.cut, 1e-3);
}

TEST(SenseStatistics, SingularValuesOfTheProductComeFromTheFactors) {
  for (const auto& [rows, cols, rank] : {std::array<Index, 3>{7, 5, 2}, {3, 9, 3}, {1, 1, 1}, {2, 3, 5}}) {
    const Matrix L = normal_matrix(rows, rank, Random(1, 2)), R = normal_matrix(cols, rank, Random(1, 3));
    for (const bool symmetric : {false, true}) {
      const Vector expected = svd(L * (symmetric ? L : R).transpose()).s;
      const Vector found = singular_values(L, symmetric ? Matrix() : R);
      for (Index k = 0; k < std::min(found.size(), expected.size()); ++k) EXPECT_NEAR(found(k), expected(k), 1e-12);
    }
  }
}

TEST(SenseStatistics, RanksAreReadAtTheLastClearGap) {
  const Vector values = (Vector(5) << 10, 1, 0.1, 1e-9, 1e-12).finished();
  EXPECT_EQ(read_rank(values, 1e-8, 5).rank, 3);
  EXPECT_EQ(read_rank(values, 0.05, 5).rank, 2);  // the third hardly stands above the noise
  const RankReading unclear = read_rank((Vector(4) << 4, 3, 1, 0.9).finished(), 0.8, 5);
  EXPECT_EQ(unclear.rank, 2);
  EXPECT_EQ(unclear.gap, 3);
  EXPECT_EQ(read_rank(Vector::Zero(4), 0, 5).rank, 0);
  EXPECT_EQ(read_rank((Vector(2) << 2, 1).finished(), 1e-9, 5).rank, 2);
}

}  // namespace
}  // namespace gossan::sensing
