#include "bench_cases.hpp"

#include <memory>

#include "bench_timing.hpp"
#include "bench_work.hpp"

namespace gossan::cli {
namespace {

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
      {"full-f64",
       "every entry of a matrix, double",
       {500, 100'000, 10},
       {20'064, 16'051'200, 10},
       [](const BenchSize& size) { return full_work(size, false); }},
      {"full-f32",
       "every entry of a matrix, single precision",
       {500, 100'000, 10},
       {20'064, 16'051'200, 10},
       [](const BenchSize& size) { return full_work(size, true); }},
      {"differences", "squared distances between pairs of points", {200, 20'000, 3}, {2000, 1'000'000, 3}, differences_work},
      {"loop-f64", "iterations of a whole descent on a small dense problem", {10, 100, 2}, {20, 300, 4}, loop_work},
  };
  return table;
}

}  // namespace gossan::cli
