#include <fmt/format.h>

#include <memory>
#include <utility>

#include "bench/sweep.hpp"
#include "bench/work.hpp"
#include "gossan/losses.hpp"
#include "gossan/methods.hpp"
#include "gossan/models.hpp"
#include "gossan/objectives.hpp"
#include "gossan/operators.hpp"
#include "gossan/random.hpp"
#include "gossan/report.hpp"
#include "gossan/run.hpp"
#include "gossan/schedules.hpp"

namespace gossan::cli {
namespace {

constexpr Index iterations = 300;  // of one descent: few enough that no step falls below what a double can hold

struct Descent {
  std::unique_ptr<Operator> A;
  std::vector<double> y;
  std::unique_ptr<Model> model;
  std::unique_ptr<Loss> loss = absolute();
  std::unique_ptr<Objective> objective;
  std::unique_ptr<Method> method;
  Params start;
};

}  // namespace

BenchWork loop_work(const BenchSize& size, Storage storage) {
  const Index d = size.rows, n = size.measurements, r = size.rank;
  const auto descent = std::make_shared<Descent>();
  descent->A = dense(bench_rows(d), n, d, d, {.storage = storage, .symmetric = true});
  descent->model = symmetric_factor({.rows = d, .cols = d, .rank = r});
  const Matrix truth = normal_matrix(d, r, Random(3, 0));
  descent->y.resize(static_cast<std::size_t>(n));
  predict(*descent->A, truth, truth, descent->y);
  descent->objective = data_fit(*descent->A, *descent->model, *descent->loss, descent->y);
  if (auto* rough = dynamic_cast<Roughness*>(descent->objective.get())) rough->allow_rough(storage != Storage::f64);
  descent->method = subgradient({}, geometric({.step = 1e-4, .ratio = 0.99}, descent->objective.get()));
  descent->start = zeros(descent->model->layout());
  descent->start.front().value = normal_matrix(d, r, Random(3, 1));

  BenchWork work;
  work.shape = fmt::format("{0} x {0}, {1} measurements, rank {2}", d, grouped(n), r);
  const double entries = 0.5 * static_cast<double>(n) * static_cast<double>(d * (d + 1));
  work.single = storage != Storage::f64;
  work.bytes = entries * (work.single ? sizeof(float) : sizeof(double)) + static_cast<double>(n) * sizeof(double);
  work.flops = 4 * entries;
  work.sweeps = iterations;
  work.run = [descent] {
    static_cast<void>(minimise(*descent->objective, *descent->method, descent->start, {.max_iterations = iterations}));
  };
  return work;
}

}  // namespace gossan::cli
