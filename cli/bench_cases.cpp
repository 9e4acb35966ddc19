#include "bench_cases.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "bench_loop.hpp"
#include "bench_sweep.hpp"
#include "bench_timing.hpp"
#include "gossan/linalg.hpp"
#include "gossan/operators.hpp"
#include "gossan/random.hpp"
#include "text.hpp"

namespace gossan::cli {
namespace {

double as_double(Index n) { return static_cast<double>(n); }

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
  work.bytes = as_double(n) * (as_double(entries) + 1) * sizeof(double);
  work.flops = 4 * as_double(n) * as_double(entries);
  return work;
}

// Rows of n x d numbers.
Matrix vectors(Index n, Index d) {
  Matrix a(n, d);
  parallel_blocks(n * d, 4096, [&](Index, Index first, Index last) {
    for (Index k = first; k < last; ++k) a.data()[k] = bench_number(k);
  });
  return a;
}

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
  const double held = as_double(n) * as_double(d) * (pairs ? 2 : 1);
  work.bytes = (held + as_double(n)) * sizeof(double);
  work.flops = 4 * held * as_double(size.rank);
  return work;
}

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
  work.bytes = as_double(n) * (2 + (rough ? sizeof(float) : sizeof(double)));
  work.flops = 6 * as_double(n) * as_double(size.rank);
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
  work.bytes = as_double(n) * (8 + sizeof(double));
  work.flops = 7 * as_double(n) * as_double(size.rank);
  return work;
}

BenchWork read_work(const BenchSize& /*size*/) {
  const auto yardsticks = std::make_shared<Yardsticks>();
  BenchWork work;
  work.shape = "256 MiB";
  work.bytes = Yardsticks::read_bytes;
  work.run = [yardsticks] { static_cast<void>(yardsticks->read_rate()); };
  return work;
}

}  // namespace

const std::vector<BenchCase>& bench_cases() {
  constexpr BenchSize small_dense{30, 1000, 4}, paper_dense{100, 12500, 4};
  constexpr BenchSize small_entries{1000, 200'000, 10}, paper_entries{10'000, 10'000'000, 10};
  static const std::vector<BenchCase> table = {
      {"linear-read", "memory from one end to the other, the yardstick of all others", {}, {}, read_work},
      {"dense-f64", "dense matrices, double", small_dense, paper_dense, dense_work},
      {"rank-one",
       "quadratic measurements a^T X a, double",
       {50, 2000, 4},
       {500, 25'000, 4},
       [](const BenchSize& size) { return rank_one_work(size, false); }},
      {"rank-one-pair",
       "measurements a^T X b, double",
       {50, 2000, 4},
       {500, 12'500, 4},
       [](const BenchSize& size) { return rank_one_work(size, true); }},
      {"entries-f64", "entries of the matrix, double", small_entries, paper_entries,
       [](const BenchSize& size) { return entries_work(size, false); }},
      {"entries-f32", "entries of the matrix, single precision", small_entries, paper_entries,
       [](const BenchSize& size) { return entries_work(size, true); }},
      {"differences", "squared distances between pairs of points", {200, 20'000, 3}, {2000, 1'000'000, 3}, differences_work},
      {"loop", "iterations of a whole descent on a small dense problem", {10, 100, 2}, {20, 300, 4}, loop_work},
  };
  return table;
}

}  // namespace gossan::cli
