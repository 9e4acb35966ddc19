// Laws of every penalty in the table.
#include <cmath>
#include <limits>
#include <stdexcept>

#include "gossan/penalties.hpp"
#include "gossan/random.hpp"
#include "laws/named.hpp"

namespace gossan {

using PenaltyRow = Row<std::unique_ptr<Penalty>>;
void PrintTo(const PenaltyRow& row, std::ostream* out) { *out << row.name; }

namespace {

class PenaltyLaws : public testing::TestWithParam<PenaltyRow> {
 protected:
  const std::unique_ptr<Penalty> penalty = GetParam().make({{"weight", "0.7"}});
};

struct Size {
  Index rows, cols;
};
constexpr Size sizes[] = {{1, 1}, {4, 4}, {7, 3}, {3, 8}};
constexpr double steps[] = {1e-3, 0.4, 2.0, 50.0};

// p = prox(x) where (x - p) / step is a sub-gradient of h at p: h(z) >= h(p) + <(x - p) / step, z - p> for every z.
TEST_P(PenaltyLaws, TheProxLeavesASubgradient) {
  for (const auto [rows, cols] : sizes) {
    for (const double step : steps) {
      const Matrix x = normal_matrix(rows, cols, Random(3, 1));
      Matrix p = x;
      penalty->prox(p, step);
      const Matrix g = (x - p) / step;
      for (std::uint64_t draw = 0; draw < 30; ++draw) {
        const Matrix z = draw == 0 ? Matrix(Matrix::Zero(rows, cols)) : Matrix(p + normal_matrix(rows, cols, Random(4, draw)));
        EXPECT_GE(penalty->value(z), penalty->value(p) + g.cwiseProduct(z - p).sum() - 1e-13 * (1 + x.norm()) / step - 1e-12)
            << "step " << step;
      }
    }
  }
}

// |p - q|^2 <= <p - q, x - y>.
TEST_P(PenaltyLaws, TheProxIsFirmlyNonexpansive) {
  for (const auto [rows, cols] : sizes) {
    for (std::uint64_t draw = 0; draw < 10; ++draw) {
      const Matrix x = normal_matrix(rows, cols, Random(5, 2 * draw)), y = normal_matrix(rows, cols, Random(5, 2 * draw + 1));
      Matrix p = x, q = y;
      penalty->prox(p, 0.3);
      penalty->prox(q, 0.3);
      EXPECT_LE((p - q).squaredNorm(), (p - q).cwiseProduct(x - y).sum() + 1e-12);
    }
  }
}

TEST_P(PenaltyLaws, ZeroIsFixedAndALargeStepReachesIt) {
  Matrix zero = Matrix::Zero(4, 3), x = normal_matrix(4, 3, Random(6, 0));
  penalty->prox(zero, 1);
  EXPECT_EQ(zero, Matrix(Matrix::Zero(4, 3)));
  EXPECT_EQ(penalty->value(zero), 0);
  EXPECT_GT(penalty->value(x), 0);
  penalty->prox(x, 1e6);
  EXPECT_LT(x.norm(), 1e-12);
}

// A run that leaves the finite numbers must not be brought back.
TEST_P(PenaltyLaws, WhatIsNotFiniteStaysSo) {
  for (const double bad : {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()}) {
    Matrix x = normal_matrix(4, 3, Random(8, 0));
    x(1, 1) = bad;
    EXPECT_FALSE(std::isfinite(penalty->value(x)));
    penalty->prox(x, 0.5);
    EXPECT_FALSE(x.allFinite());
  }
}

TEST_P(PenaltyLaws, TheWeightScalesIt) {
  const Matrix x = normal_matrix(5, 4, Random(7, 0));
  EXPECT_NEAR(GetParam().make({{"weight", "1.4"}})->value(x), 2 * penalty->value(x), 1e-12);
  EXPECT_THROW(GetParam().make({{"weight", "0"}}), std::invalid_argument);
}

INSTANTIATE_TEST_SUITE_P(Table, PenaltyLaws, testing::ValuesIn(penalties()), row_name<PenaltyRow>);

TEST(Penalties, AreTheSumsThatTheyAreCalled) {
  Matrix x(2, 2);
  x << 3, 4, 0, 0;  // one row of length 5, rank one
  EXPECT_DOUBLE_EQ(l1_penalty({.weight = 2})->value(x), 14);
  EXPECT_DOUBLE_EQ(group_penalty({.weight = 2})->value(x), 10);
  EXPECT_NEAR(nuclear_penalty({.weight = 2})->value(x), 10, 1e-13);
}

}  // namespace
}  // namespace gossan
