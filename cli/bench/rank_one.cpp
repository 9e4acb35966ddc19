#include <utility>

#include "bench/sweep.hpp"
#include "bench/work.hpp"
#include "gossan/linalg.hpp"
#include "gossan/operators.hpp"

namespace gossan::cli {
namespace {

// Rows of n x d numbers.
Matrix vectors(Index n, Index d) {
  Matrix a(n, d);
  parallel_blocks(n * d, 4096, [&](Index, Index first, Index last) {
    for (Index k = first; k < last; ++k) a.data()[k] = bench_number(k);
  });
  return a;
}

}  // namespace

BenchWork rank_one_work(const BenchSize& size, bool pairs) {
  const Index d = size.rows, n = size.measurements;
  SweepCase sweep;
  sweep.A = pairs ? rank_one(vectors(n, d), vectors(n, d)) : rank_one(vectors(n, d));
  sweep.rank = size.rank;
  sweep.symmetric = !pairs;
  sweep.reference = [d](Index e, const Matrix& L, const Matrix& R) {
    Vector a(d);
    for (Index j = 0; j < d; ++j) a(j) = bench_number(e * d + j);
    return (L.transpose() * a).dot(R.transpose() * a);
  };
  BenchWork work = sweep_work(std::move(sweep));
  const double held = static_cast<double>(n) * static_cast<double>(d) * (pairs ? 2 : 1);
  work.bytes = (held + static_cast<double>(n)) * sizeof(double);
  work.flops = 4 * held * static_cast<double>(size.rank);
  return work;
}

}  // namespace gossan::cli
