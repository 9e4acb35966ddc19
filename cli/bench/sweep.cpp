#include "bench/sweep.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <utility>
#include <vector>

#include "gossan/random.hpp"
#include "gossan/report.hpp"

namespace gossan::cli {
namespace {

constexpr Index most_checked = 64;  // measurements that are computed again by the obvious loop

// splitmix64 (Steele, Lea, Flood 2014): eight numbers from a multiplication or two.
std::uint64_t mixed(std::uint64_t k) {
  k += 0x9E3779B97F4A7C15U;
  k = (k ^ (k >> 30U)) * 0xBF58476D1CE4E5B9U;
  k = (k ^ (k >> 27U)) * 0x94D049BB133111EBU;
  return k ^ (k >> 31U);
}

struct Sweep {
  SweepCase given;
  Matrix L, R;
  std::vector<double> y;  // in the order of the sweeps
  std::vector<float> y_single;
  Matrix GL, GR;

  const Matrix& right() const { return given.symmetric ? L : R; }

  // Runs one sweep; each block of predictions goes through `judge(first, z)`, of either precision.
  template <class AnyJudge>
  void run(const AnyJudge& judge) {
    const auto exact = [&](Index first, std::span<double> z) { judge(first, z); };
    const auto single = [&](Index first, std::span<float> z) { judge(first, z); };
    given.A->sweep(L, right(), given.rough ? Judge(exact, single) : Judge(exact), &GL, &GR);
  }
};

const double* targets(const Sweep& sweep, const double*) { return sweep.y.data(); }
const float* targets(const Sweep& sweep, const float*) { return sweep.y_single.data(); }

// A tie counts as positive: that costs no branch.
template <class Real>
void signs(const Real* y, Real weight, std::span<Real> z) {
  for (std::size_t e = 0; e < z.size(); ++e) z[e] = std::copysign(weight, z[e] - y[e]);
}

void timed(Sweep& sweep) {
  const double weight = 1.0 / static_cast<double>(sweep.given.A->measurements());
  sweep.run(
      [&]<class Real>(Index first, std::span<Real> z) { signs(targets(sweep, z.data()) + first, static_cast<Real>(weight), z); });
}

std::vector<double> predictions(Sweep& sweep) {
  std::vector<double> z(sweep.y.size());
  sweep.run([&](Index first, auto block) {
    std::copy(block.begin(), block.end(), z.begin() + first);
    std::fill(block.begin(), block.end(), 0);
  });
  return to_caller_order(*sweep.given.A, z);
}

double root_mean_square(const std::vector<double>& values) {
  double sum = 0;
  for (const double each : values) sum += each * each;
  return std::sqrt(sum / static_cast<double>(values.size()));
}

double largest_error(const Sweep& sweep, const std::vector<double>& z, double scale) {
  const Index n = sweep.given.A->measurements();
  const Index step = std::max<Index>(1, n / most_checked);
  double largest = 0;
  for (Index e = 0; e < n; e += step)
    largest = std::max(largest, std::abs(z[static_cast<std::size_t>(e)] - sweep.given.reference(e, sweep.L, sweep.right())));
  return largest / scale;
}

}  // namespace

double bench_number(Index place) {
  const std::uint64_t bits = mixed(static_cast<std::uint64_t>(place) / 8) >> (8 * (static_cast<std::uint64_t>(place) % 8));
  return static_cast<double>((bits & 0xFFU) % 255) - 127;
}

void bench_matrix(Index e, Index rows, Index cols, std::span<double> values) {
  Index place = e * rows * cols;
  Eigen::Map<Matrix> A(values.data(), rows, cols);
  for (Index i = 0; i < rows; ++i) {
    const Index first = rows == cols ? i : 0;
    for (Index j = first; j < cols; ++j) A(i, j) = bench_number(place++);
    if (rows == cols) A.col(i).tail(rows - i) = A.row(i).tail(rows - i).transpose();
  }
}

BenchWork sweep_work(SweepCase given) {
  const auto sweep = std::make_shared<Sweep>();
  const Operator& A = *given.A;
  sweep->L = normal_matrix(A.rows(), given.rank, Random(1, 0));
  sweep->R = normal_matrix(A.cols(), given.rank, Random(1, 1));
  sweep->given = std::move(given);
  sweep->y.resize(static_cast<std::size_t>(A.measurements()));

  BenchWork work;
  work.shape = fmt::format("{} x {}, {} measurements, rank {}", A.rows(), A.cols(), grouped(A.measurements()), sweep->L.cols());
  work.single = sweep->given.rough;
  const std::vector<double> z = predictions(*sweep);
  const double scale = root_mean_square(z);
  if (sweep->given.reference) work.error = largest_error(*sweep, z, scale);
  // Both signs are equally likely, and no branch can learn them.
  for (std::size_t e = 0; e < z.size(); ++e) sweep->y[e] = scale / 500 * bench_number(static_cast<Index>(e));
  sweep->y_single.assign(sweep->y.begin(), sweep->y.end());
  work.run = [sweep] { timed(*sweep); };
  return work;
}

}  // namespace gossan::cli
