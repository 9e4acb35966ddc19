#include "bench/cases.hpp"

#include <memory>

#include "bench/timing.hpp"
#include "bench/work.hpp"

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

constexpr BenchSize small_matrices{30, 1000, 4}, paper_matrices{100, 12'500, 4};

BenchCase dense_row(const char* name, const char* help, Storage storage, bool symmetric) {
  return {name, help, small_matrices, paper_matrices,
          [=](const BenchSize& size) { return dense_work(size, storage, symmetric); }};
}

BenchCase implicit_row(const char* name, const char* help, const char* ensemble, const char* generator) {
  return {name, help, small_matrices, paper_matrices,
          [=](const BenchSize& size) { return implicit_work(size, ensemble, generator); }};
}

}  // namespace

const std::vector<BenchCase>& bench_cases() {
  constexpr BenchSize small_entries{1000, 200'000, 10}, paper_entries{10'000, 10'000'000, 10};
  static const std::vector<BenchCase> table = {
      {"linear-read", "memory from one end to the other, the yardstick of all others", {}, {}, read_work},
      dense_row("dense-packed-f64", "symmetric matrices held as triangles, double", Storage::f64, true),
      dense_row("dense-packed-f32", "the same, single precision", Storage::f32, true),
      dense_row("dense-packed-f16", "the same, half precision", Storage::f16, true),
      dense_row("dense-packed-bf16", "the same, bfloat16", Storage::bf16, true),
      dense_row("dense-packed-i8", "the same, whole numbers of 8 bits", Storage::i8, true),
      dense_row("dense-full-f64", "whole matrices, double", Storage::f64, false),
      dense_row("dense-full-f32", "whole matrices, single precision", Storage::f32, false),
      {"disk-read", "a temporary file from one end to the other, the yardstick of the next", small_matrices, paper_matrices,
       disk_work},
      {"dense-streamed-f64", "whole matrices read from such a file in every sweep, double", small_matrices, paper_matrices,
       streamed_work},
      implicit_row("gaussian-philox", "Gaussian matrices by Box and Muller, never stored, Philox", "gaussian", "philox"),
      implicit_row("gaussian-ars", "the same, ARS", "gaussian", "ars"),
      implicit_row("table-philox", "Gaussian matrices by table, never stored, Philox", "gaussian-table", "philox"),
      implicit_row("table-ars", "the same, ARS", "gaussian-table", "ars"),
      implicit_row("rademacher-philox", "matrices of signs, never stored, Philox", "rademacher", "philox"),
      implicit_row("rademacher-ars", "the same, ARS", "rademacher", "ars"),
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
      {"loop-f64",
       "iterations of a whole descent on a small dense problem, double",
       {10, 100, 2},
       {20, 300, 4},
       [](const BenchSize& size) { return loop_work(size, Storage::f64); }},
      {"loop-f32",
       "the same, single precision",
       {10, 100, 2},
       {20, 300, 4},
       [](const BenchSize& size) { return loop_work(size, Storage::f32); }},
  };
  return table;
}

}  // namespace gossan::cli
