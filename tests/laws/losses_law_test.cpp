// Laws of every loss in the table.
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <string>

#include "gossan/linalg.hpp"
#include "gossan/losses.hpp"
#include "gossan/random.hpp"
#include "laws/named.hpp"

namespace gossan {

using LossRow = Row<std::unique_ptr<Loss>>;
void PrintTo(const LossRow& row, std::ostream* out) { *out << row.name; }

namespace {

struct Point {
  double value, weight;
};

class LossLaws : public testing::TestWithParam<LossRow> {
 protected:
  Point at(double r) const {
    double weight = 0;
    const double value = loss->value(std::span(&r, 1), std::span(&weight, 1));
    return {value, weight};
  }
  std::unique_ptr<Loss> loss = GetParam().make({});
};

constexpr std::array<double, 12> residuals = {-1e6, -37.5, -1.5, -1.0, -0.4, -1e-8, 1e-8, 0.3, 1.0, 1.7, 12.0, 1e6};

TEST_P(LossLaws, NothingIsLostAtZero) {
  for (double zero : {0.0, -0.0}) {
    EXPECT_EQ(at(zero).value, 0);
    EXPECT_EQ(at(zero).weight, 0);
  }
}

TEST_P(LossLaws, LossesAreEvenAndGrowWithTheResidual) {
  for (const double r : residuals) {
    EXPECT_GT(at(r).value, 0);
    EXPECT_EQ(at(r).value, at(-r).value);
    EXPECT_EQ(at(r).weight, -at(-r).weight);
    EXPECT_GT(at(r).weight * r, 0);
  }
}

// loss(b) >= loss(a) + weight(a) (b - a): all losses of the table are convex.
TEST_P(LossLaws, TheWeightIsASubgradient) {
  for (const double a : residuals)
    for (const double b : residuals) {
      const double scale = at(a).value + at(b).value + std::abs(at(a).weight * (b - a));
      EXPECT_GE(at(b).value - at(a).value - at(a).weight * (b - a), -1e-14 * scale) << a << " " << b;
    }
  for (const double b : residuals) EXPECT_GE(at(b).value, at(0).value + at(0).weight * b);
}

TEST_P(LossLaws, TheWeightIsTheDerivativeAwayFromKinks) {
  for (const double r : {-37.5, -1.5, -0.4, 0.3, 1.7, 12.0}) {
    constexpr double h = 1e-4;
    EXPECT_NEAR((at(r + h).value - at(r - h).value) / (2 * h), at(r).weight, 1e-8 * (1 + std::abs(r))) << r;
  }
}

// Lengths around the width of the loop: the sum over many is the sum of each, and the weights are those of each.
TEST_P(LossLaws, ManyResidualsAreJudgedLikeEachAlone) {
  for (const Index n : {0, 1, 7, 8, 9, 64, 65, 200}) {
    const Matrix r = 2 * normal_matrix(n, 1, Random(9, 0));
    std::vector<double> weight(static_cast<std::size_t>(n), 99);
    double sum = 0;
    for (Index e = 0; e < n; ++e) sum += at(r(e, 0)).value;
    const std::span<const double> view(r.data(), static_cast<std::size_t>(n));
    EXPECT_NEAR(loss->value(view, weight), sum, 1e-13 * (1 + sum));
    for (Index e = 0; e < n; ++e) EXPECT_EQ(weight[static_cast<std::size_t>(e)], at(r(e, 0)).weight);
  }
}

// The kernels of judge() against its definition by value(), with every instruction set.
template <class Real>
void expect_judged(const Loss& loss, Index n, double tolerance) {
  const Matrix prediction = 2 * normal_matrix(n, 1, Random(19, 0));
  std::vector<Real> wanted(prediction.data(), prediction.data() + n);
  std::vector<double> y(static_cast<std::size_t>(n));
  for (std::size_t e = 0; e < y.size(); ++e)
    y[e] = e % 5 == 3 ? std::numeric_limits<double>::quiet_NaN() : e % 7 == 2 ? static_cast<double>(wanted[e]) : 0.5;
  std::vector<Real> judged = wanted;
  const double sum = loss.Loss::judge(std::span(wanted), y, 0.25);
  EXPECT_NEAR(loss.judge(std::span(judged), y, 0.25), sum, tolerance * (1 + sum));
  for (std::size_t e = 0; e < y.size(); ++e) EXPECT_NEAR(judged[e], wanted[e], tolerance) << e;
  for (std::size_t e = 2; e < y.size(); e += 7) EXPECT_EQ(judged[e], 0);
  for (std::size_t e = 3; e < y.size(); e += 5) EXPECT_EQ(judged[e], 0);
}

TEST_P(LossLaws, BlocksAreJudgedAsTheirResidualsAre) {
  const std::vector<std::string> levels = simd_levels();
  for (const std::string& level : levels) {
    set_simd_level(level);
    for (const Index n : {0, 1, 7, 8, 9, 15, 16, 17, 64, 65, 200}) {
      SCOPED_TRACE(testing::Message() << level << " " << n);
      expect_judged<double>(*loss, n, 1e-14);
      expect_judged<float>(*loss, n, 1e-6);
    }
    std::vector<double> lost(9, 1.0), y(9, 0.0);
    lost[4] = std::numeric_limits<double>::quiet_NaN();
    EXPECT_TRUE(std::isnan(loss->judge(std::span(lost), y, 1))) << level;
  }
  set_simd_level(levels.front());
}

TEST_P(LossLaws, TheWeightsMayTakeTheResidualsPlace) {
  const Matrix r = 2 * normal_matrix(101, 1, Random(10, 0));
  std::vector<double> apart(101), in_place(r.data(), r.data() + 101);
  const double value = loss->value(std::span<const double>(r.data(), 101), apart);
  EXPECT_EQ(loss->value(in_place, in_place), value);
  EXPECT_EQ(in_place, apart);
}

TEST_P(LossLaws, SinglePrecisionSaysTheSame) {
  const Matrix r = 2 * normal_matrix(203, 1, Random(12, 0));
  std::vector<float> narrow(r.data(), r.data() + r.size()), weight(narrow.size());
  const std::vector<double> wide(narrow.begin(), narrow.end());
  std::vector<double> wanted(wide.size());
  const double value = loss->value(wide, wanted);
  EXPECT_NEAR(loss->value(std::span<const float>(narrow), weight), value, 1e-6 * value);
  for (std::size_t e = 0; e < wide.size(); ++e) EXPECT_NEAR(weight[e], wanted[e], 1e-6 * (1 + std::abs(wanted[e])));
}

// The same bits wherever the residuals lie: vector instructions must not start where memory happens to be aligned.
TEST_P(LossLaws, TheSumDoesNotDependOnTheAddress) {
  const Matrix r = 2 * normal_matrix(101, 1, Random(11, 0));
  std::vector<double> weight(101);
  const double value = loss->value(std::span<const double>(r.data(), 101), weight);
  for (std::size_t shift : {1U, 2U, 3U, 5U}) {
    std::vector<double> moved(101 + shift);
    std::copy_n(r.data(), 101, moved.begin() + static_cast<std::ptrdiff_t>(shift));
    EXPECT_EQ(loss->value(std::span<const double>(moved).subspan(shift), weight), value);
  }
}

TEST_P(LossLaws, ValuesThatAreNotNumbersShow) {
  EXPECT_TRUE(std::isnan(at(std::numeric_limits<double>::quiet_NaN()).value));
  EXPECT_EQ(at(std::numeric_limits<double>::infinity()).value, std::numeric_limits<double>::infinity());
}

INSTANTIATE_TEST_SUITE_P(Table, LossLaws, testing::ValuesIn(losses()), row_name<LossRow>);

TEST(Huber, IsQuadraticInsideDeltaAndLinearBeyond) {
  const auto loss = huber({.delta = 0.5});
  double weight = 0;
  const auto at = [&](double r) { return loss->value(std::span(&r, 1), std::span(&weight, 1)); };
  EXPECT_DOUBLE_EQ(at(0.4), 0.08);
  EXPECT_DOUBLE_EQ(weight, 0.4);
  EXPECT_DOUBLE_EQ(at(0.5), 0.125);
  EXPECT_DOUBLE_EQ(at(-2), 0.5 * (2 - 0.25));
  EXPECT_DOUBLE_EQ(weight, -0.5);
}

TEST(Huber, RefusesADeltaThatIsNone) {
  for (double delta : {0.0, -1.0, std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()})
    EXPECT_THROW(huber({.delta = delta}), std::invalid_argument) << delta;
  EXPECT_THROW(find(losses(), "huber", "loss").make({{"delta", "0"}}), std::invalid_argument);
  EXPECT_THROW(find(losses(), "huber", "loss").make({{"gamma", "1"}}), std::invalid_argument);
}

}  // namespace
}  // namespace gossan
