#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "bench_sweep.hpp"
#include "bench_work.hpp"
#include "gossan/linalg.hpp"
#include "gossan/operators.hpp"

namespace gossan::cli {
namespace {

// <A_e, L R^T> of row e of bench_matrix.
double dense_reference(Index e, const Matrix& L, const Matrix& R) {
  std::vector<double> row(static_cast<std::size_t>(L.rows() * R.rows()));
  bench_matrix(e, L.rows(), R.rows(), row);
  double z = 0;
  for (Index i = 0; i < L.rows(); ++i) {
    for (Index j = 0; j < R.rows(); ++j) z += row[static_cast<std::size_t>(i * R.rows() + j)] * L.row(i).dot(R.row(j));
  }
  return z;
}

}  // namespace

BenchWork dense_work(const BenchSize& size) {
  const Index d = size.rows, n = size.measurements, entries = d * d;
  Matrix A(n, entries);
  parallel_blocks(
      n, 1, [&](Index, Index e, Index) { bench_matrix(e, d, d, std::span(A.row(e).data(), static_cast<std::size_t>(entries))); });
  SweepCase sweep;
  sweep.A = dense(std::move(A), d, d);
  sweep.rank = size.rank;
  sweep.symmetric = true;
  sweep.reference = dense_reference;
  BenchWork work = sweep_work(std::move(sweep));
  work.bytes = static_cast<double>(n) * (static_cast<double>(entries) + 1) * sizeof(double);
  work.flops = 4 * static_cast<double>(n) * static_cast<double>(entries);
  return work;
}

}  // namespace gossan::cli
