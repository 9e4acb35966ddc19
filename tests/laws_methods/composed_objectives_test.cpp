// Objectives that are made of others, or come from outside: sums of parts, minibatches, callables; and exact products with
// Hessians.
#include <gtest/gtest.h>

#include <cmath>
#include <set>
#include <stdexcept>

#include "gossan/methods.hpp"
#include "gossan/run.hpp"
#include "sensing_problem.hpp"
#include "threads_guard.hpp"

namespace gossan {
namespace {

GenerateSenseOptions composed_instance(Index cols = 0) {
  GenerateSenseOptions options;
  options.rows = 9;
  options.cols = cols;
  options.rank = 2;
  options.measurements = 403;
  options.corrupted = 0.1;
  options.seed = 11;
  return options;
}

// The same measurements, held or drawn in every way that can be cut into runs.
std::vector<std::pair<std::string, std::unique_ptr<Operator>>> sliceable_operators() {
  std::vector<std::pair<std::string, std::unique_ptr<Operator>>> all;
  const Index n = 403, d = 9;
  const auto whole_numbers = [](Index first, std::span<double> out) {
    const Random random(8, 0);
    for (std::size_t k = 0; k < out.size(); ++k)
      out[k] = static_cast<double>(random.below(first * 81 + static_cast<Index>(k), 21)) - 10;
  };
  for (const Storage storage : {Storage::f64, Storage::f32, Storage::f16, Storage::bf16, Storage::i8})
    all.emplace_back("dense " + to_string(storage), dense(whole_numbers, n, d, d, {.storage = storage}));
  all.emplace_back("dense, a rough copy", dense(whole_numbers, n, d, d, {.rough_copy = Storage::f16}));
  all.emplace_back("dense, symmetric", dense(whole_numbers, n, d, d, {.symmetric = true}));
  all.emplace_back("streamed", streamed(whole_numbers, n, d, d, 100000));
  all.emplace_back("rank-one", rank_one(normal_matrix(n, d, Random(9, 0))));
  all.emplace_back("rank-one-pair", rank_one(normal_matrix(n, d, Random(9, 1)), normal_matrix(n, d, Random(9, 2))));
  for (const std::string& name : ensemble_names())
    all.emplace_back("implicit " + name, implicit({.ensemble = name, .seed = 4, .measurements = n, .rows = d, .cols = d}));
  return all;
}

struct Fit {
  explicit Fit(const Operator& A, std::unique_ptr<Loss> chosen = squared()) : A(A), loss(std::move(chosen)) {
    const Matrix truth = normal_matrix(9, 2, Random(1, 1));
    y.resize(static_cast<std::size_t>(A.measurements()));
    predict(A, truth, truth, y);
    for (std::size_t e = 0; e < y.size(); ++e) {
      y[e] += Random(1, 2).normal(static_cast<Index>(e));
      fitted.push_back(e % 20 != 3);
    }
    theta = zeros(model->layout());
    for (std::size_t b = 0; b < theta.size(); ++b) theta[b].value = normal_matrix(9, 3, Random(2, b));
  }
  const Operator& A;
  std::unique_ptr<Model> model = factor_pair({9, 9, 3});
  std::unique_ptr<Loss> loss;
  std::vector<double> y;
  std::vector<bool> fitted;
  Params theta;
};

double distance(const Params& a, const Params& b) {
  Params difference = a;
  add_scaled(difference, -1, b);
  return norm(difference);
}

TEST(Slices, PredictWhatTheWholeDoes) {
  for (const auto& [name, A] : sliceable_operators()) {
    SCOPED_TRACE(name);
    const auto& slices = dynamic_cast<const Slices&>(*A);
    const Matrix L = normal_matrix(9, 2, Random(3, 0)),
                 R = A->rows() == 9 && name.find("symmetric") != std::string::npos ? L : normal_matrix(9, 2, Random(3, 1));
    std::vector<double> whole(403), part;
    predict(*A, L, R, whole);
    const Index step = slices.slice_step();
    ASSERT_GE(step, 1);
    ASSERT_LT(step, 403);
    for (const Index first : {Index{0}, step, 403 / step * step}) {
      for (const Index count : {Index{1}, 403 - first}) {
        if (first + count > 403 || count < 1) continue;
        part.resize(static_cast<std::size_t>(count));
        predict(*slices.slice(first, count), L, R, part);
        for (Index e = 0; e < count; ++e)
          EXPECT_NEAR(part[static_cast<std::size_t>(e)], whole[static_cast<std::size_t>(first + e)],
                      1e-9 * (1 + std::abs(whole[static_cast<std::size_t>(first + e)])));
      }
    }
  }
}

TEST(SumOfParts, IsTheDataFitAndHasItsBitsHoweverThePartsAreDealt) {
  for (const auto& [name, A] : sliceable_operators()) {
    SCOPED_TRACE(name);
    Fit fit(*A);
    const auto plain = data_fit(*A, *fit.model, *fit.loss, fit.y, fit.fitted);
    const auto whole = sum_of_parts(*A, *fit.model, *fit.loss, fit.y, fit.fitted);
    Params expected = zeros(fit.model->layout()), of_plain = expected;
    const double f = whole->evaluate(fit.theta, &expected, 0);
    EXPECT_NEAR(f, plain->evaluate(fit.theta, &of_plain, 0), 1e-6 * f);
    EXPECT_LT(distance(expected, of_plain), 1e-5 * norm(of_plain));
    for (const Index workers : {1, 2, 3, 5}) {
      std::vector<PartOfSum> all;
      for (Index w = 0; w < workers; ++w) {  // each with an objective of its own, the last first
        const auto own = sum_of_parts(*A, *fit.model, *fit.loss, fit.y, fit.fitted);
        auto& parts = dynamic_cast<Parts&>(*own);
        all.resize(static_cast<std::size_t>(parts.parts()));
        for (Index p = parts.parts() - 1; p >= 0; --p) {
          if (p % workers != w) continue;
          PartOfSum& part = all[static_cast<std::size_t>(p)];
          part.grad = zeros(fit.model->layout());
          part.f = parts.evaluate_part(p, fit.theta, &part.grad);
        }
      }
      Params summed;
      EXPECT_EQ(add_up(all, &summed), f);
      for (std::size_t b = 0; b < summed.size(); ++b) EXPECT_EQ(summed[b].value, expected[b].value);
    }
  }
}

TEST(Minibatch, IsTheWholeOnTheAverageOverAnEpoch) {
  for (const auto& [name, A] : sliceable_operators()) {
    SCOPED_TRACE(name);
    Fit fit(*A);
    const auto whole = data_fit(*A, *fit.model, *fit.loss, fit.y, fit.fitted);
    const auto batches = minibatch(*A, *fit.model, *fit.loss, fit.y, fit.fitted, {.size = 50, .seed = 3});
    const Index step = dynamic_cast<const Slices&>(*A).slice_step(), length = step * ((50 + step - 1) / step);
    const Index runs = (403 + length - 1) / length;
    Params g = zeros(fit.model->layout()), mean = g, expected = g;
    double f = 0;
    std::set<double> values;
    for (Index k = 0; k < runs; ++k) {
      const double value = batches->evaluate(fit.theta, &g, k);
      values.insert(value);
      f += value / static_cast<double>(runs);
      add_scaled(mean, 1.0 / static_cast<double>(runs), g);
    }
    EXPECT_EQ(values.size(), static_cast<std::size_t>(runs)) << "a batch came twice";
    EXPECT_NEAR(f, whole->evaluate(fit.theta, &expected, 0), 1e-6 * f);
    EXPECT_LT(distance(mean, expected), 1e-5 * norm(expected));
  }
}

// Counts the measurements that are judged, through slices as well.
class Watched final : public Operator, public Slices {
 public:
  Watched(const Operator& inner, Index& judged) : inner_(&inner), judged_(judged) {}
  Watched(std::unique_ptr<Operator> inner, Index& judged) : owned_(std::move(inner)), inner_(owned_.get()), judged_(judged) {}
  Index rows() const override { return inner_->rows(); }
  Index cols() const override { return inner_->cols(); }
  Index measurements() const override { return inner_->measurements(); }
  void sweep(const Matrix& L, const Matrix& R, Judge judge, Matrix* GL, Matrix* GR) const override {
    judged_ += measurements();
    inner_->sweep(L, R, judge, GL, GR);
  }
  Index slice_step() const override { return dynamic_cast<const Slices&>(*inner_).slice_step(); }
  std::unique_ptr<Operator> slice(Index first, Index count) const override {
    return std::make_unique<Watched>(dynamic_cast<const Slices&>(*inner_).slice(first, count), judged_);
  }

 private:
  std::unique_ptr<Operator> owned_;
  const Operator* inner_;
  Index& judged_;
};

TEST(Minibatch, ReadsItsBatchAndNoMore) {
  const auto A = rank_one(normal_matrix(403, 9, Random(9, 0)));
  Index judged = 0;
  const Watched watched(*A, judged);
  Fit fit(*A);
  const auto batches = minibatch(watched, *fit.model, *fit.loss, fit.y, fit.fitted, {.size = 40});
  Params g = zeros(fit.model->layout());
  for (Index k = 0; k < 11; ++k) batches->evaluate(fit.theta, &g, k);  // an epoch
  EXPECT_EQ(judged, 403);
}

TEST(Minibatch, StepsArePureFunctionsOfSeedAndStep) {
  const auto A = rank_one(normal_matrix(403, 9, Random(9, 0)));
  Fit fit(*A);
  const ThreadsGuard guard;
  for (const std::string order : {"reshuffled", "replacement"}) {
    const MinibatchOptions options{.size = 30, .order = order, .seed = 7};
    const auto forwards = minibatch(*A, *fit.model, *fit.loss, fit.y, fit.fitted, options);
    const auto backwards = minibatch(*A, *fit.model, *fit.loss, fit.y, fit.fitted, options);
    std::vector<Params> seen;
    std::set<double> values;
    set_threads(1);
    for (Index k = 0; k < 40; ++k) {
      seen.push_back(zeros(fit.model->layout()));
      values.insert(forwards->evaluate(fit.theta, &seen.back(), k));
    }
    EXPECT_GT(values.size(), 5U);
    Params g = zeros(fit.model->layout());
    for (Index k = 39; k >= 0; --k) {
      set_threads(k % 2 == 0 ? 2 : 5);
      backwards->evaluate(fit.theta, &g, k);
      for (std::size_t b = 0; b < g.size(); ++b) EXPECT_EQ(g[b].value, seen[static_cast<std::size_t>(k)][b].value);
    }
  }
}

TEST(Minibatch, ABatchThatIsHeldOutEndsNoRun) {
  const auto A = rank_one(normal_matrix(401, 9, Random(9, 0)));
  Fit fit(*A);
  fit.fitted.assign(401, true);
  fit.fitted.back() = false;  // all of the last batch
  const auto batches = minibatch(*A, *fit.model, *fit.loss, fit.y, fit.fitted, {.size = 100, .seed = 1});
  const auto method = gradient_descent({}, [](const StepView&) { return 1e-9; });
  const Result end = minimise(*batches, *method, fit.theta, {.max_iterations = 40}, {});
  EXPECT_EQ(end.status, Status::iteration_limit);
  EXPECT_EQ(end.iterations, 40);
}

TEST(Minibatch, RefusesOperatorsThatCannotBeCutAndSizesOfNone) {
  const auto A = entries(9, 9, {0, 1, 2}, {3, 4, 5});
  const auto model = factor_pair({9, 9, 2});
  const auto loss = squared();
  const std::vector<double> y(3, 1.0);
  EXPECT_THROW(minibatch(*A, *model, *loss, y, std::vector<bool>(3, true), {}), std::invalid_argument);
  const auto B = rank_one(normal_matrix(3, 9, Random(9, 0)));
  EXPECT_THROW(minibatch(*B, *model, *loss, y, std::vector<bool>(3, true), {.size = 0}), std::invalid_argument);
  EXPECT_THROW(minibatch(*B, *model, *loss, y, std::vector<bool>(3, true), {.order = "sorted"}), std::invalid_argument);
}

// Central differences of the gradient, which are exact for cubics up to rounding.
TEST(Curvature, ProductsAreTheDerivativeOfTheGradient) {
  for (const Index cols : {Index{0}, Index{7}}) {
    for (const bool smooth_absolute : {false, true}) {
      SensingProblem problem(composed_instance(cols), 3, smooth_absolute ? huber({.delta = 1e4}) : squared());
      std::vector<bool> fitted(problem.truth.y.size(), true);
      for (std::size_t e = 0; e < fitted.size(); e += 7) fitted[e] = false;
      const auto f = data_fit(*problem.A, *problem.model, *problem.loss, problem.truth.y, fitted);
      auto* const curvature = dynamic_cast<Curvature*>(f.get());
      ASSERT_NE(curvature, nullptr);
      const Params theta = problem.random_theta(1), D = problem.random_theta(2), E = problem.random_theta(3);
      Params H = zeros(f->layout()), up = H, down = H, HE = H;
      curvature->hessian_times(theta, D, H);
      curvature->hessian_times(theta, E, HE);
      EXPECT_NEAR(dot(E, H), dot(D, HE), 1e-11 * std::abs(dot(E, H)) + 1e-12) << "not symmetric";
      const double h = 1e-3;
      Params at = theta;
      add_scaled(at, h, D);
      f->evaluate(at, &up, 0);
      add_scaled(at, -2 * h, D);
      f->evaluate(at, &down, 0);
      add_scaled(up, -1, down);
      for (Block& block : up) block.value /= 2 * h;
      EXPECT_LT(distance(H, up), 1e-5 * norm(up));
    }
  }
}

TEST(Curvature, IsATalentOfSmoothLossesAlone) {
  SensingProblem problem(composed_instance(), 3);
  EXPECT_EQ(dynamic_cast<Curvature*>(problem.objective.get()), nullptr);  // the absolute loss
}

// Rosenbrock's valley, whose minimum is (1, 1).
TEST(External, AnyMethodRunsOnAFunctionFromOutside) {
  const auto f = external({{"x", 1, 1}, {"y", 1, 1}}, [](const Params& theta, Params* grad, Index) {
    const double x = theta[0].value(0, 0), y = theta[1].value(0, 0), a = 1 - x, b = y - x * x;
    if (grad != nullptr) {
      (*grad)[0].value(0, 0) = -2 * a - 400 * x * b;
      (*grad)[1].value(0, 0) = 200 * b;
    }
    return a * a + 100 * b * b;
  });
  const Schedule steps = [](const StepView&) { return 1e-3; };
  for (const auto& method :
       {gradient_descent({}, steps), momentum({.beta = 0.9}, steps), accelerated_proximal_gradient({}, steps)}) {
    const Result end = minimise(*f, *method, zeros(f->layout()), {.max_iterations = 100000}, {});
    EXPECT_NEAR(end.theta[0].value(0, 0), 1, 1e-4);
    EXPECT_NEAR(end.theta[1].value(0, 0), 1, 1e-4);
  }
}

TEST(External, WhatIsNoObjectiveIsRefused) {
  const auto zero = [](const Params&, Params*, Index) { return 0.0; };
  EXPECT_THROW(external({}, zero), std::invalid_argument);
  EXPECT_THROW(external({{"x", 0, 1}}, zero), std::invalid_argument);
  EXPECT_THROW(external({{"x", 1, 1}, {"x", 1, 1}}, zero), std::invalid_argument);
  EXPECT_THROW(external({{"x", 1, 1}}, nullptr), std::invalid_argument);
  const auto reshaped = external({{"x", 1, 1}}, [](const Params&, Params* grad, Index) {
    if (grad != nullptr) (*grad)[0].value.resize(2, 2);
    return 0.0;
  });
  Params g = zeros(reshaped->layout());
  EXPECT_THROW(reshaped->evaluate(zeros(reshaped->layout()), &g, 0), std::invalid_argument);
  const auto throws = external({{"x", 1, 1}}, [](const Params&, Params*, Index) -> double { throw std::domain_error("mine"); });
  EXPECT_THROW(throws->evaluate(zeros(throws->layout()), nullptr, 0), std::domain_error);
}

}  // namespace
}  // namespace gossan
