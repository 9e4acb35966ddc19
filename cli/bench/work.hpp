// The kernels that `gossan bench` knows, each on data of its own.
#pragma once

#include <memory>

#include "bench/cases.hpp"
#include "gossan/operators.hpp"

namespace gossan::cli {

ReadRows bench_rows(Index d);  // d x d matrices of bench_matrix
BenchWork dense_work(const BenchSize& size, Storage storage, bool symmetric);
BenchWork implicit_work(const BenchSize& size, const char* ensemble, const char* generator);  // nothing stored
BenchWork dense_sweep_work(std::unique_ptr<Operator> A, const BenchSize& size);  // of whole matrices of bench_rows, in double
BenchWork streamed_work(const BenchSize& size);              // the same from a file of its own, which is read anew in every sweep
BenchWork disk_work(const BenchSize& size);                  // such a file from one end to the other
BenchWork rank_one_work(const BenchSize& size, bool pairs);  // a^T X b, not a^T X a
BenchWork entries_work(const BenchSize& size, bool rough);
BenchWork full_work(const BenchSize& size, bool rough);  // every entry of a matrix with measurements / rows columns
BenchWork differences_work(const BenchSize& size);
BenchWork loop_work(const BenchSize& size,
                    Storage storage);  // a whole descent: model, loss, schedule, method and loop around the sweeps

}  // namespace gossan::cli
