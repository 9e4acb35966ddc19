#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "bench/sweep.hpp"
#include "bench/work.hpp"
#include "gossan/linalg.hpp"
#include "gossan/operators.hpp"
#include "gossan/random.hpp"

namespace gossan::cli {
namespace {

struct Pairs {
  std::vector<Index> i, j;
};

// Uniform and in no order.
Pairs random_pairs(Index rows, Index cols, Index n) {
  Pairs pairs;
  const Random random(2, 0);
  pairs.i.resize(static_cast<std::size_t>(n));
  pairs.j.resize(static_cast<std::size_t>(n));
  parallel_blocks(n, 4096, [&](Index, Index first, Index last) {
    for (Index e = first; e < last; ++e) {
      pairs.i[static_cast<std::size_t>(e)] = random.below(2 * e, rows);
      pairs.j[static_cast<std::size_t>(e)] = random.below(2 * e + 1, cols);
    }
  });
  return pairs;
}

}  // namespace

BenchWork entries_work(const BenchSize& size, bool rough) {
  const Index d = size.rows, n = size.measurements;
  const auto pairs = std::make_shared<Pairs>(random_pairs(d, d, n));
  SweepCase sweep;
  sweep.A = entries(d, d, pairs->i, pairs->j);
  sweep.rank = size.rank;
  sweep.rough = rough;
  sweep.reference = [pairs](Index e, const Matrix& L, const Matrix& R) {
    return L.row(pairs->i[static_cast<std::size_t>(e)]).dot(R.row(pairs->j[static_cast<std::size_t>(e)]));
  };
  BenchWork work = sweep_work(std::move(sweep));
  // The column within a panel, and y.
  work.bytes = static_cast<double>(n) * (2 + (rough ? sizeof(float) : sizeof(double)));
  work.flops = 6 * static_cast<double>(n) * static_cast<double>(size.rank);
  return work;
}

BenchWork differences_work(const BenchSize& size) {
  const Index points = size.rows, n = size.measurements;
  const auto pairs = std::make_shared<Pairs>(random_pairs(points, points - 1, n));
  for (std::size_t e = 0; e < pairs->i.size(); ++e) pairs->j[e] += pairs->j[e] >= pairs->i[e] ? 1 : 0;
  SweepCase sweep;
  sweep.A = differences(points, pairs->i, pairs->j);
  sweep.rank = size.rank;
  sweep.symmetric = true;
  sweep.reference = [pairs](Index e, const Matrix& L, const Matrix& /*R*/) {
    return (L.row(pairs->i[static_cast<std::size_t>(e)]) - L.row(pairs->j[static_cast<std::size_t>(e)])).squaredNorm();
  };
  BenchWork work = sweep_work(std::move(sweep));
  work.bytes = static_cast<double>(n) * (8 + sizeof(double));
  work.flops = 7 * static_cast<double>(n) * static_cast<double>(size.rank);
  return work;
}

BenchWork full_work(const BenchSize& size, bool rough) {
  const Index rows = size.rows, cols = std::max<Index>(1, size.measurements / rows);
  SweepCase sweep;
  sweep.A = full(rows, cols);
  sweep.rank = size.rank;
  sweep.rough = rough;
  sweep.reference = [cols](Index e, const Matrix& L, const Matrix& R) { return L.row(e / cols).dot(R.row(e % cols)); };
  BenchWork work = sweep_work(std::move(sweep));
  const double n = static_cast<double>(rows * cols);
  work.bytes = n * (rough ? sizeof(float) : sizeof(double));
  work.flops = 6 * n * static_cast<double>(size.rank);
  return work;
}

}  // namespace gossan::cli
