#include <functional>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "bench/sweep.hpp"
#include "bench/work.hpp"
#include "gossan/operators.hpp"

namespace gossan::cli {
namespace {

using Row = std::function<void(Index e, std::span<double> values)>;

// <A_e, L R^T> of the matrix that `row` gives.
double obvious(const Row& row, Index e, const Matrix& L, const Matrix& R) {
  std::vector<double> values(static_cast<std::size_t>(L.rows() * R.rows()));
  row(e, values);
  double z = 0;
  for (Index i = 0; i < L.rows(); ++i) {
    for (Index j = 0; j < R.rows(); ++j) z += values[static_cast<std::size_t>(i * R.rows() + j)] * L.row(i).dot(R.row(j));
  }
  return z;
}

// Of d x d matrices, or of their triangles.
double entries_of(Index d, bool symmetric) { return static_cast<double>(symmetric ? d * (d + 1) / 2 : d * d); }

double bytes_of(Storage storage) {
  if (storage == Storage::f64) return 8;
  if (storage == Storage::f32) return 4;
  return storage == Storage::i8 ? 1 : 2;
}

BenchWork matrices_work(std::unique_ptr<Operator> A, const BenchSize& size, bool symmetric, bool rough, const Row& row) {
  SweepCase sweep;
  sweep.A = std::move(A);
  sweep.rank = size.rank;
  sweep.symmetric = true;
  sweep.rough = rough;
  sweep.reference = [row](Index e, const Matrix& L, const Matrix& R) { return obvious(row, e, L, R); };
  BenchWork work = sweep_work(std::move(sweep));
  work.bytes = static_cast<double>(size.measurements) * static_cast<double>(rough ? sizeof(float) : sizeof(double));  // y
  work.flops = 4 * static_cast<double>(size.measurements) * entries_of(size.rows, symmetric);
  return work;
}

}  // namespace

ReadRows bench_rows(Index d) {
  return [d](Index first, std::span<double> out) {
    const auto entries = static_cast<std::size_t>(d * d);
    for (std::size_t at = 0; at < out.size(); at += entries) bench_matrix(first++, d, d, out.subspan(at, entries));
  };
}

BenchWork dense_work(const BenchSize& size, Storage storage, bool symmetric) {
  const Index d = size.rows;
  BenchWork work =
      matrices_work(dense(bench_rows(d), size.measurements, d, d, {.storage = storage, .symmetric = symmetric}), size, symmetric,
                    storage != Storage::f64, [d](Index e, std::span<double> values) { bench_matrix(e, d, d, values); });
  work.bytes += static_cast<double>(size.measurements) * entries_of(d, symmetric) * bytes_of(storage);
  return work;
}

BenchWork dense_sweep_work(std::unique_ptr<Operator> A, const BenchSize& size) {
  const Index d = size.rows;
  return matrices_work(std::move(A), size, false, false,
                       [d](Index e, std::span<double> values) { bench_matrix(e, d, d, values); });
}

BenchWork implicit_work(const BenchSize& size, const char* ensemble, const char* generator) {
  const ImplicitOptions options{.ensemble = ensemble,
                                .generator = generator,
                                .seed = 1,
                                .measurements = size.measurements,
                                .rows = size.rows,
                                .cols = size.rows,
                                .symmetric = true};
  return matrices_work(implicit(options), size, true, true,
                       [options](Index e, std::span<double> values) { ensemble_row(options, e, values); });
}

}  // namespace gossan::cli
