#include <gtest/gtest.h>

#include <Eigen/Cholesky>
#include <algorithm>
#include <cmath>

#include "gossan/generate.hpp"
#include "gossan/linalg.hpp"

namespace gossan {
namespace {

GenerateSenseOptions small() {
  GenerateSenseOptions options;
  options.rows = 8;
  options.rank = 3;
  options.condition = 100;
  options.measurements = 1000;
  options.seed = 3;
  return options;
}

Vector clean(const GeneratedSensing& made) { return made.A * Eigen::Map<const Vector>(made.X.data(), made.X.size()); }
double rms(const Vector& v) { return v.norm() / std::sqrt(static_cast<double>(v.size())); }

TEST(GenerateSensing, TheTruthHasTheRankAndConditionAsked) {
  for (const Index cols : {Index(0), Index(6)}) {
    GenerateSenseOptions options = small();
    options.cols = cols;
    const auto made = generate_sensing(options);
    const Vector s = svd(made.X).s;
    EXPECT_NEAR(s(0), 1, 1e-12);
    EXPECT_NEAR(s(1), 0.1, 1e-12);
    EXPECT_NEAR(s(2), 0.01, 1e-12);
    EXPECT_LT(s(3), 1e-14);
    EXPECT_EQ(made.X.cols(), cols == 0 ? 8 : 6);
  }
  const Matrix X = generate_sensing(small()).X;
  EXPECT_TRUE(X.isApprox(X.transpose(), 1e-14));
  const Eigenpairs pairs = eigenpairs(
      8, [&](const Vector& x, Vector& y) { y = X * x; }, 8);
  EXPECT_GT(pairs.values.minCoeff(), -1e-14);
}

TEST(GenerateSensing, ExactlyTheShareIsWrongAndTheRestIsClean) {
  for (const std::string kind : {"huge", "moderate", "sign-flip", "one-sided", "structured", "normal"}) {
    GenerateSenseOptions options = small();
    options.kind = kind;
    options.corrupted = 0.1234;
    const auto made = generate_sensing(options);
    EXPECT_EQ(std::count(made.corrupted.begin(), made.corrupted.end(), true), 123) << kind;
    const Vector z = clean(made);
    for (Index e = 0; e < 1000; ++e) {
      const auto at = static_cast<std::size_t>(e);
      if (made.corrupted[at]) {
        EXPECT_NE(made.y[at], z(e)) << kind;
      } else {
        EXPECT_EQ(made.y[at], z(e)) << kind;
      }
    }
  }
}

TEST(GenerateSensing, ASpectrumIsTakenAsGivenOrRefused) {
  GenerateSenseOptions options = small();
  options.spectrum = "10, 5,1";
  const Vector s = svd(generate_sensing(options).X).s;
  EXPECT_NEAR(s(0), 10, 1e-11);
  EXPECT_NEAR(s(1), 5, 1e-11);
  EXPECT_NEAR(s(2), 1, 1e-11);
  EXPECT_LT(s(3), 1e-13);
  for (const std::string bad : {"10,5", "10,5,1,1", "1,5,10", "10,5,0", "10,5,-1", "10,5,x", "10,,1", "10,5,inf", "10,5,1,"}) {
    options.spectrum = bad;
    EXPECT_THROW(generate_sensing(options), std::invalid_argument) << bad;
  }
}

// One property of each kind over its wrong measurements.
TEST(GenerateSensing, KindsLookAsTheySay) {
  GenerateSenseOptions options = small();
  options.corrupted = 1;
  const auto wrong = [&](const std::string& kind) {
    options.kind = kind;
    const auto made = generate_sensing(options);
    return std::pair<Vector, Vector>(Eigen::Map<const Vector>(made.y.data(), 1000), clean(made));
  };
  const auto [huge, z] = wrong("huge");
  EXPECT_NEAR(rms(huge - z), 10 * rms(z), 1 * rms(z));
  const auto [moderate, z1] = wrong("moderate");
  EXPECT_LE(moderate.cwiseAbs().maxCoeff(), 3 * rms(z1));
  EXPECT_NEAR(rms(moderate), std::sqrt(3.0) * rms(z1), 0.1 * rms(z1));
  const auto [flipped, z2] = wrong("sign-flip");
  EXPECT_EQ(flipped, -z2);
  const auto [one_sided, z3] = wrong("one-sided");
  EXPECT_GT((one_sided - z3).minCoeff(), 0);
  options.magnitude = 7;
  const auto [normal_kind, z5] = wrong("normal");
  EXPECT_NEAR(rms(normal_kind - z5), 7, 0.5);
  const auto [structured, z4] = wrong("structured");
  EXPECT_NEAR(rms(structured), rms(z4), 0.15 * rms(z4));
  EXPECT_LT(std::abs(structured.dot(z4)), 0.8 * structured.norm() * z4.norm());
  // Another low-rank matrix explains all of them: least squares leaves nothing.
  options.kind = "structured";
  const auto made = generate_sensing(options);
  const Eigen::MatrixXd normal = made.A.transpose() * made.A;
  const Vector x = normal.ldlt().solve(made.A.transpose() * structured);
  EXPECT_LT((made.A * x - structured).norm(), 1e-9 * structured.norm());
  const Matrix impostor = Eigen::Map<const Matrix>(x.data(), 8, 8);
  EXPECT_LT(svd(impostor).s(3), 1e-9);
}

TEST(GenerateSensing, NoiseIsRelativeToTheRms) {
  GenerateSenseOptions options = small();
  options.corrupted = 0;
  options.noise = 0.05;
  const auto made = generate_sensing(options);
  const Vector z = clean(made);
  EXPECT_NEAR(rms(Eigen::Map<const Vector>(made.y.data(), 1000) - z), 0.05 * rms(z), 0.005 * rms(z));
}

TEST(GenerateSensing, SizesDefaultAndAreChecked) {
  GenerateSenseOptions options;
  options.rows = 5;
  options.rank = 2;
  EXPECT_EQ(generate_sensing(options).A.rows(), 10 * (5 + 5) * 2);
  options.rank = 6;
  EXPECT_THROW(generate_sensing(options), std::invalid_argument);
  options.rank = 2;
  options.condition = 0.5;
  EXPECT_THROW(generate_sensing(options), std::invalid_argument);
  options.condition = 1;
  options.rows = 1000000;
  options.measurements = 1000000000000;
  EXPECT_THROW(generate_sensing(options), std::invalid_argument);
  options.kind = "hug";
  EXPECT_THROW(generate_sensing(options), std::invalid_argument);
}

}  // namespace
}  // namespace gossan
