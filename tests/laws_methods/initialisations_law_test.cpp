#include <gtest/gtest.h>

#include <cmath>

#include "gossan/init.hpp"
#include "sensing_problem.hpp"

namespace gossan {
namespace {

GenerateSenseOptions planted(Index cols, double corrupted) {
  GenerateSenseOptions options;
  options.rows = 6;
  options.cols = cols;
  options.rank = 2;
  options.condition = 2;
  options.measurements = 6000;
  options.corrupted = corrupted;
  return options;
}

// What a row needs to be told, after what a test sets.
Settings with_needs(const std::string& init, Settings settings = {}) {
  if (init == "truncated-spectral") settings.emplace_back("keep", "0.5");
  return settings;
}

double cosine(const Matrix& X, const Matrix& Y) { return X.cwiseProduct(Y).sum() / (X.norm() * Y.norm()); }

Matrix product(const SensingProblem& problem, const Params& theta) {
  const Factors at = problem.model->factors(theta);
  return at.L * at.R.transpose();
}

TEST(InitLaws, AlphaScalesTheFactors) {
  for (const Index cols : {Index(0), Index(5)}) {
    const SensingProblem problem(planted(cols, 0.1));
    for (const auto& row : initialisations()) {
      SCOPED_TRACE(row.name);
      const InitContext context{problem.A.get(), problem.truth.y, problem.model->layout(), 3};
      const Params one = row.make(with_needs(row.name, {{"alpha", "1"}}), context);
      Params small = row.make(with_needs(row.name, {{"alpha", "1e-3"}}), context);
      EXPECT_EQ(layout_of(one), problem.model->layout());
      EXPECT_GT(norm(one), 0.1);
      add_scaled(small, -1e-3, one);
      EXPECT_LT(norm(small), 1e-14);
      EXPECT_THROW(row.make(with_needs(row.name, {{"alpha", "0"}}), context), std::invalid_argument);
    }
  }
}

TEST(InitLaws, ColumnsBeyondTheMatrixAreAllowedAndRandomOnesDifferBySeed) {
  const SensingProblem problem(planted(5, 0.1), 5);
  InitContext context{problem.A.get(), problem.truth.y, {{"L", 6, 9}, {"R", 5, 9}}, 3};
  for (const auto& row : initialisations())
    EXPECT_EQ(layout_of(row.make(with_needs(row.name), context)), context.layout) << row.name;
  const Params first = small_random({}, context);
  context.seed = 4;
  EXPECT_NE(first[0].value, small_random({}, context)[0].value);
  EXPECT_NE(first[0].value.topRows(5), first[1].value);
}

TEST(InitLaws, CleanSpectralStartsFindTheMatrixAndItsSize) {
  for (const Index cols : {Index(0), Index(5)}) {
    const SensingProblem problem(planted(cols, 0));
    const InitContext context{problem.A.get(), problem.truth.y, problem.model->layout(), 3};
    const Matrix& X = problem.truth.X;
    EXPECT_LT((product(problem, spectral({}, context)) - X).norm(), 0.15 * X.norm());
    EXPECT_GT(cosine(product(problem, robust_spectral({}, context)), X), 0.97);
    EXPECT_GT(cosine(product(problem, truncated_spectral({.alpha = 1, .keep = 0.9}, context)), X), 0.95);
  }
}

TEST(InitLaws, RobustStartsSurviveOutliersThatTiltThePlainOne) {
  GenerateSenseOptions options = planted(0, 0.3);
  options.measurements = 1500;
  const SensingProblem problem(options);
  const InitContext context{problem.A.get(), problem.truth.y, problem.model->layout(), 3};
  const Matrix& X = problem.truth.X;
  EXPECT_LT(cosine(product(problem, spectral({}, context)), X), 0.9);
  EXPECT_GT(cosine(product(problem, robust_spectral({}, context)), X), 0.93);
  EXPECT_GT(cosine(product(problem, truncated_spectral({.alpha = 1, .keep = 0.7}, context)), X), 0.93);
}

// The same measurements with and without the talent WholeAdjoint: formed once, or known by products.
TEST(InitLaws, SpectralStartsDoNotDependOnTheKindOfOperator) {
  constexpr Index side = 5;
  std::vector<Index> i, j;
  Matrix dense_form = Matrix::Zero(side * side, side * side);
  for (Index e = 0; e < side * side; ++e) {
    i.push_back(e / side);
    j.push_back(e % side);
    dense_form(e, e) = 1;
  }
  const Matrix F = normal_matrix(side, 2, Random(6, 6));
  for (const bool symmetric : {true, false}) {
    const Matrix X = F * (symmetric ? F : normal_matrix(side, 2, Random(6, 7))).transpose();
    const std::vector<double> y(X.data(), X.data() + X.size());
    const auto sparse = entries(side, side, i, j);
    const auto full = dense(dense_form, side, side);
    const Layout layout = symmetric ? Layout{{"U", side, 2}} : Layout{{"L", side, 2}, {"R", side, 2}};
    for (const auto& row : initialisations()) {
      SCOPED_TRACE(row.name);
      const Params a = row.make(with_needs(row.name), {sparse.get(), y, layout, 1}),
                   b = row.make(with_needs(row.name), {full.get(), y, layout, 1});
      const Matrix Xa = a.front().value * a.back().value.transpose(), Xb = b.front().value * b.back().value.transpose();
      EXPECT_LT((Xa - Xb).norm(), 1e-9 * Xa.norm());
    }
    const Params exact = spectral({.alpha = side}, {sparse.get(), y, layout, 1});  // C = X / 25
    EXPECT_LT((exact.front().value * exact.back().value.transpose() - X).norm(), 1e-9 * X.norm());
  }
}

TEST(InitLaws, HeldOutMeasurementsAreNotLookedAt) {
  SensingProblem problem(planted(0, 0));
  std::vector<bool> fitted(problem.truth.y.size(), true);
  for (std::size_t e = 0; e < fitted.size(); e += 2) fitted[e] = false;
  std::vector<double> spoiled = problem.truth.y;
  for (std::size_t e = 0; e < fitted.size(); e += 2) spoiled[e] = 1e6;
  for (const auto& row : initialisations()) {
    const Params a = row.make(with_needs(row.name), {problem.A.get(), problem.truth.y, problem.model->layout(), 1, &fitted});
    const Params b = row.make(with_needs(row.name), {problem.A.get(), spoiled, problem.model->layout(), 1, &fitted});
    EXPECT_EQ(a[0].value, b[0].value) << row.name;
  }
}

TEST(InitLaws, TheTruncatedStartRefusesWithoutTheCorruptionAndSaysHowToGiveIt) {
  const SensingProblem problem(planted(0, 0.1));
  const auto& row = find(initialisations(), "truncated-spectral", "init");
  EXPECT_EQ(row.needs, std::vector<Need>{Need::corruption});
  try {
    row.make({}, {problem.A.get(), problem.truth.y, problem.model->layout(), 1});
    FAIL() << "it ran without keep";
  } catch (const std::invalid_argument& error) {
    EXPECT_NE(std::string(error.what()).find("--set init.keep="), std::string::npos) << error.what();
  }
}

TEST(InitLaws, BadContextsAreRefused) {
  const SensingProblem problem(planted(5, 0));
  const std::vector<double> too_short(3, 1.0);
  for (const std::string name : {"spectral", "robust-spectral", "truncated-spectral"}) {
    const auto& row = find(initialisations(), name, "init");
    EXPECT_THROW(row.make(with_needs(row.name), {nullptr, problem.truth.y, problem.model->layout(), 1}), std::invalid_argument)
        << name;
    EXPECT_THROW(row.make(with_needs(row.name), {problem.A.get(), too_short, problem.model->layout(), 1}), std::invalid_argument)
        << name;
    EXPECT_THROW(row.make(with_needs(row.name), {problem.A.get(), problem.truth.y, {{"U", 6, 2}}, 1}), std::invalid_argument)
        << name;
  }
}

}  // namespace
}  // namespace gossan
