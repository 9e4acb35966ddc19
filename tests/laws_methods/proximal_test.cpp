// Proximal methods, judged by the conditions of optimality of f = s + h.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "gossan/linalg.hpp"
#include "gossan/methods.hpp"
#include "gossan/run.hpp"
#include "sensing_problem.hpp"

namespace gossan {
namespace {

constexpr double lambda = 0.05;

struct Composite {
  explicit Composite(const std::string& penalty_name, Index measurements = 90)
      : problem(options(measurements), 0, squared()),
        model(full_matrix({problem.truth.rows, problem.truth.cols, 1})),
        smooth(data_fit(*problem.A, *model, *problem.loss, problem.truth.y)),
        penalty(find(penalties(), penalty_name, "penalty").make({{"weight", std::to_string(lambda)}})),
        whole(penalised(*smooth, *penalty)) {}

  static GenerateSenseOptions options(Index measurements) {
    GenerateSenseOptions made;
    made.rows = 8;
    made.cols = 6;
    made.rank = 2;
    made.measurements = measurements;
    made.corrupted = 0;
    made.seed = 5;
    return made;
  }

  Result descend(Method& method, Index iterations) {
    return minimise(*whole, method, zeros(model->layout()), {.max_iterations = iterations}, {});
  }

  SensingProblem problem;
  std::unique_ptr<Model> model;
  std::unique_ptr<Objective> smooth;
  std::unique_ptr<Penalty> penalty;
  std::unique_ptr<Objective> whole;
};

Schedule steps(double length) {
  return [length](const StepView&) { return length; };
}

// -grad s is a sub-gradient of h: by duality <-grad s, X> = h(X), and no larger in the dual norm than lambda.
void expect_optimal(Composite& at, const Params& theta, const std::string& penalty, double tolerance) {
  Params g = zeros(at.model->layout());
  at.smooth->evaluate(theta, &g, 0);
  const Matrix G = -g[0].value;
  const Matrix& X = theta[0].value;
  const double dual = penalty == "l1"        ? G.cwiseAbs().maxCoeff()
                      : penalty == "nuclear" ? svd(G).s(0)
                                             : G.rowwise().norm().maxCoeff();
  EXPECT_LE(dual, lambda * (1 + tolerance)) << penalty;
  EXPECT_NEAR(G.cwiseProduct(X).sum(), at.penalty->value(X), tolerance * at.penalty->value(X)) << penalty;
}

TEST(ProximalMethods, ReachTheConditionsOfOptimality) {
  for (const std::string penalty : {"l1", "nuclear", "group"}) {
    Composite problem(penalty);
    const auto plain = proximal_gradient({}, steps(0.2));
    expect_optimal(problem, problem.descend(*plain, 4000).theta, penalty, 1e-6);
    const auto ahead = accelerated_proximal_gradient({}, steps(0.2));
    expect_optimal(problem, problem.descend(*ahead, 1500).theta, penalty, 1e-6);
  }
}

TEST(ProximalMethods, NuclearLowersTheRankAndGroupEmptiesRows) {
  Composite nuclear("nuclear");
  const auto method = accelerated_proximal_gradient({}, steps(0.2));
  const Vector s = svd(nuclear.descend(*method, 1500).theta[0].value).s;
  EXPECT_GT(s(1), 1e-3);
  EXPECT_LT(s(2), 1e-9);
}

// With fewer measurements than entries s is not strongly convex, and the plain method needs many more steps for the same f.
TEST(ProximalMethods, AccelerationTakesFewerSteps) {
  Composite problem("nuclear", 40);
  const auto reference = accelerated_proximal_gradient({}, steps(0.15));
  const double least = problem.descend(*reference, 6000).f;
  const auto steps_to = [&](Method& method) {
    Index taken = 0;
    const Observer near = [&](const Iterate& at) -> std::optional<Status> {
      taken = at.k;
      if (at.f - least < 1e-7 * least) return Status::converged;
      return std::nullopt;
    };
    minimise(*problem.whole, method, zeros(problem.model->layout()), {.max_iterations = 20000}, std::vector<Observer>{near});
    return taken;
  };
  const auto plain = proximal_gradient({}, steps(0.15)), ahead = accelerated_proximal_gradient({}, steps(0.15));
  EXPECT_LT(2 * steps_to(*ahead), steps_to(*plain));
}

TEST(ProximalMethods, FNeverRisesWithoutAcceleration) {
  Composite problem("l1");
  const auto method = proximal_gradient({}, steps(0.2));
  double before = std::numeric_limits<double>::infinity();
  const Observer watch = [&](const Iterate& at) -> std::optional<Status> {
    EXPECT_LE(at.f, before * (1 + 1e-14));
    before = at.f;
    return std::nullopt;
  };
  minimise(*problem.whole, *method, zeros(problem.model->layout()), {.max_iterations = 200}, std::vector<Observer>{watch});
}

TEST(ProximalMethods, WithoutAPenaltyAreGradientDescent) {
  Composite problem("l1");
  Params proximal = zeros(problem.model->layout()), gradient = proximal;
  const auto one = proximal_gradient({}, steps(0.1)), other = gradient_descent({}, steps(0.1));
  one->start(problem.model->layout());
  other->start(problem.model->layout());
  for (Index k = 0; k < 5; ++k) {
    one->step(*problem.smooth, k, proximal);
    other->step(*problem.smooth, k, gradient);
  }
  EXPECT_EQ(proximal[0].value, gradient[0].value);
}

}  // namespace
}  // namespace gossan
