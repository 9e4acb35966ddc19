// A tuning-free recovery that was stopped, wherever it was, goes on from its journal and ends with the bits of one that never was
// stopped.
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <memory>

#include "gossan/checkpoint.hpp"
#include "gossan/run.hpp"
#include "gossan/sense.hpp"
#include "laws/operator_samples.hpp"
#include "sensing_problem.hpp"
#include "temporary_folder.hpp"

namespace gossan {
namespace {

class SenseJournal : public testing::Test {
 protected:
  std::string file(const std::string& name = "journal") const { return (folder_ / name).string(); }

  // Ends all runs from step `step` on, counted over all of them, as Ctrl-C does.
  static Observer stop_at(Index step) {
    return [step, taken = std::make_shared<Index>(0)](const Iterate&) {
      return ++*taken >= step ? std::optional(Status::interrupted) : std::nullopt;
    };
  }
  static void expect_same(const Sensed& resumed, const Sensed& straight) {
    EXPECT_EQ(resumed.L, straight.L);
    EXPECT_EQ(resumed.R, straight.R);
    EXPECT_EQ(resumed.residuals, straight.residuals);
    EXPECT_EQ(resumed.sweeps, straight.sweeps);
    EXPECT_EQ(resumed.result.status, straight.result.status);
    EXPECT_EQ(resumed.evidence.message, straight.evidence.message);
    ASSERT_EQ(resumed.evidence.checks.size(), straight.evidence.checks.size());
    for (std::size_t k = 0; k < straight.evidence.checks.size(); ++k)
      EXPECT_EQ(resumed.evidence.checks[k].value, straight.evidence.checks[k].value) << straight.evidence.checks[k].name;
    EXPECT_EQ(resumed.choices, straight.choices);
    ASSERT_EQ(resumed.history.size(), straight.history.size());
    for (std::size_t n = 0; n < straight.history.size(); ++n) EXPECT_EQ(resumed.history[n].f, straight.history[n].f) << n;
  }
  Sensed resume(const Operator& A, std::span<const double> y, std::vector<Observer> observers = {}, double every = 1e9) const {
    return sense(A, y, {}, {.observers = std::move(observers), .checkpoint = {.file = file(), .every = every, .resume = true}});
  }

  TemporaryFolder folder_;
};

TEST_F(SenseJournal, SameBitsWithEveryOperator) {
  for (const OperatorSample& each : operator_samples()) {
    SCOPED_TRACE(each.name);
    const auto A = each.sample(3);
    const Matrix X = normal_matrix(A->rows(), 1, Random(1, 1)) * normal_matrix(A->cols(), 1, Random(1, 2)).transpose();
    std::vector<double> y(static_cast<std::size_t>(A->measurements()));
    predict(*A, X, Matrix::Identity(A->cols(), A->cols()), y);
    y[0] += 5;
    const Sensed straight = sense(*A, y, {});
    std::filesystem::remove(file());
    for (const Index step : {2, 9, 30}) resume(*A, y, {stop_at(step)});
    expect_same(resume(*A, y), straight);
  }
}

// Both models are tried: the second operator's passes follow those of the first. Noise, so that all phases are met.
TEST_F(SenseJournal, SameBitsWhereverItStopped) {
  const GeneratedSensing truth =
      generate_sensing({.rows = 8, .cols = 8, .rank = 1, .measurements = 260, .corrupted = 0.1, .noise = 0.01});
  const auto A = dense(rows_of(truth.A), 260, 8, 8, {.rough_copy = Storage::f32});
  const Sensed straight = sense(*A, truth.y, {});
  for (Index step = 1; step < straight.result.iterations; step += 7) {
    SCOPED_TRACE(step);
    std::filesystem::remove(file());
    EXPECT_EQ(resume(*A, truth.y, {stop_at(step)}).result.status, Status::interrupted);
    expect_same(resume(*A, truth.y), straight);
  }
}

// What a kill leaves is the file as it was at that moment.
TEST_F(SenseJournal, SameBitsFromEveryFileThatAKillLeaves) {
  const SensingProblem problem({.rows = 7, .rank = 2, .measurements = 200, .noise = 0.01});
  const Sensed straight = sense(*problem.A, problem.truth.y, {});
  int copies = 0;
  const Observer copy = [&](const Iterate&) -> std::optional<Status> {
    std::filesystem::copy_file(file(), file("copy" + std::to_string(copies++)));
    return std::nullopt;
  };
  expect_same(resume(*problem.A, problem.truth.y, {copy}, 0), straight);
  ASSERT_GT(copies, 20);
  for (int k = 0; k < copies; k += 5) {
    std::filesystem::copy_file(file("copy" + std::to_string(k)), file(), std::filesystem::copy_options::overwrite_existing);
    expect_same(resume(*problem.A, problem.truth.y), straight);
  }
}

// Operators whose passes are told need not be able to make them.
class Broken final : public Operator {
 public:
  explicit Broken(const Operator& inner) : inner_(inner) {}
  Index rows() const override { return inner_.rows(); }
  Index cols() const override { return inner_.cols(); }
  Index measurements() const override { return inner_.measurements(); }
  void sweep(const Matrix& L, const Matrix& R, Judge judge, Matrix* GL, Matrix* GR) const override {
    ++passes;
    inner_.sweep(L, R, judge, GL, GR);
  }
  mutable Index passes = 0;

 private:
  const Operator& inner_;
};

TEST_F(SenseJournal, ReadsNothingThatItHasRead) {
  const GeneratedSensing truth = generate_sensing({.rows = 7, .cols = 6, .rank = 2, .measurements = 260});
  const auto inner = dense(truth.A, 7, 6);
  const Broken A(*inner);
  const Sensed first = resume(A, truth.y);
  A.passes = 0;
  resume(A, truth.y, {stop_at(20)}, 0);
  const Index before = A.passes;
  expect_same(resume(A, truth.y), first);
  EXPECT_GT(before, 20);
  EXPECT_LE(A.passes, first.sweeps + 4);  // and those that tell whether it is the same problem
}

TEST_F(SenseJournal, RefusesWhatNoRunWrites) {
  const SensingProblem problem({.rows = 5, .rank = 1, .measurements = 60});
  resume(*problem.A, problem.truth.y, {}, 0);
  const Checkpoint good = read_checkpoint(file());
  ASSERT_GT(good.state.size(), 20U);
  const auto refused = [&](const std::function<void(Matrix&)>& change) {
    Checkpoint changed = good;
    change(changed.state[10].value);
    write_checkpoint(file(), changed);
    EXPECT_THROW(resume(*problem.A, problem.truth.y), BadFile);
  };
  const double nan = std::nan("");
  for (const double number : {nan, -1.0, 0.5, 1e300, 3.0}) {
    refused([&](Matrix& pass) { pass(0, 1) = number; });
    refused([&](Matrix& pass) { pass(0, 2) = number; });
    refused([&](Matrix& pass) { pass(0, 3) = number; });
  }
  refused([](Matrix& pass) { pass.resize(1, 0); });
  refused([](Matrix& pass) { pass.resize(2, 5); });
  refused([](Matrix& pass) { pass.conservativeResize(1, pass.cols() - 1); });
  write_checkpoint(file(), good);
  EXPECT_EQ(resume(*problem.A, problem.truth.y).rank, 1);
}

}  // namespace
}  // namespace gossan
