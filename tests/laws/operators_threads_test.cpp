// Every operator gives the same bits on any number of threads, and serves several sweeps at a time.
#include <thread>

#include "gossan/linalg.hpp"
#include "gossan/operators.hpp"
#include "gossan/random.hpp"
#include "laws/named.hpp"
#include "laws/operator_samples.hpp"
#include "threads_guard.hpp"

namespace gossan {

namespace {

struct Swept {
  std::vector<double> z;
  Matrix GL, GR;
  bool operator==(const Swept& other) const { return z == other.z && GL == other.GL && GR == other.GR; }
};

Swept sweep_with_signs(const Operator& A, const Matrix& L, const Matrix& R) {
  Swept swept;
  swept.z.resize(static_cast<std::size_t>(A.measurements()));
  const auto judge = [&](Index first, std::span<double> z) {
    std::copy(z.begin(), z.end(), swept.z.begin() + first);
    for (double& each : z) each = each > 0 ? 1.1 : -0.3;
  };
  A.sweep(L, R, judge, &swept.GL, &swept.GR);
  return swept;
}

class OperatorThreads : public testing::TestWithParam<OperatorSample> {
 protected:
  std::unique_ptr<Operator> A = GetParam().sample(4);
  Matrix L = normal_matrix(A->rows(), 3, Random(5, 0));
  Matrix R = normal_matrix(A->cols(), 3, Random(5, 1));
  ThreadsGuard guard;
};

TEST_P(OperatorThreads, TheSameBitsOnAnyNumberOfThreads) {
  set_threads(1);
  const Swept serial = sweep_with_signs(*A, L, R);
  const double norm = operator_norm(*A, serial.z);
  for (int count : {2, 3}) {
    set_threads(count);
    for (int trial = 0; trial < 5; ++trial) EXPECT_TRUE(sweep_with_signs(*A, L, R) == serial) << count << " threads";
    EXPECT_EQ(operator_norm(*A, serial.z), norm);
  }
}

TEST_P(OperatorThreads, SweepsAtTheSameTimeDoNotMix) {
  set_threads(2);
  std::vector<Matrix> left, right;
  std::vector<Swept> alone, together(4);
  for (std::uint64_t t = 0; t < together.size(); ++t) {
    left.push_back(normal_matrix(A->rows(), 2, Random(6, 2 * t)));
    right.push_back(normal_matrix(A->cols(), 2, Random(6, 2 * t + 1)));
    alone.push_back(sweep_with_signs(*A, left[t], right[t]));
  }
  std::vector<std::thread> callers;
  for (std::size_t t = 0; t < together.size(); ++t)
    callers.emplace_back([&, t] {
      for (int trial = 0; trial < 10; ++trial) together[t] = sweep_with_signs(*A, left[t], right[t]);
    });
  for (auto& caller : callers) caller.join();
  for (std::size_t t = 0; t < together.size(); ++t) EXPECT_TRUE(together[t] == alone[t]) << "caller " << t;
}

INSTANTIATE_TEST_SUITE_P(All, OperatorThreads, testing::ValuesIn(operator_samples()), row_name<OperatorSample>);

// Larger than the samples: several blocks a part, several parts, and blocks of more than one granule.
TEST(DenseThreads, TheSameBitsOnManyBlocks) {
  const ThreadsGuard guard;
  struct Size {
    Index n, rows, cols;
  };
  for (const auto [n, rows, cols] : {Size{9001, 23, 25}, Size{70001, 2, 3}, Size{130, 70, 90}}) {
    const auto A = dense(normal_matrix(n, rows * cols, Random(7, 0)), rows, cols);
    const Matrix L = normal_matrix(rows, 4, Random(7, 1)), R = normal_matrix(cols, 4, Random(7, 2));
    set_threads(1);
    const Swept serial = sweep_with_signs(*A, L, R);
    for (int count : {2, 3}) {
      set_threads(count);
      EXPECT_TRUE(sweep_with_signs(*A, L, R) == serial) << n << " measurements, " << count << " threads";
    }
  }
}

TEST(PairThreads, TheSameBitsOnManyBlocks) {
  const ThreadsGuard guard;
  constexpr Index points = 150;
  const Random random(8, 0);
  std::vector<Index> i, j;
  for (Index e = 0; e < 5003; ++e) {
    i.push_back(random.below(2 * e, points));
    j.push_back((i.back() + 1 + random.below(2 * e + 1, points - 1)) % points);
  }
  const Matrix L = normal_matrix(points, 4, Random(8, 1)), R = normal_matrix(points, 4, Random(8, 2));
  for (const auto& A : {differences(points, i, j), entries(points, points, i, j)}) {
    set_threads(1);
    const Swept serial = sweep_with_signs(*A, L, R);
    for (int count : {2, 3}) {
      set_threads(count);
      EXPECT_TRUE(sweep_with_signs(*A, L, R) == serial) << count << " threads";
    }
  }
}

}  // namespace
}  // namespace gossan
