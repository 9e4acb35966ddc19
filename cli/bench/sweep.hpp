// A sweep of an operator as work to be timed, with the leanest of judges: w = sign(z - y) / n.
#pragma once

#include <functional>
#include <memory>
#include <span>

#include "bench/cases.hpp"
#include "gossan/operators.hpp"

namespace gossan::cli {

// Made-up numbers, a pure function of their place: whole 64ths from -127 to 127, which every storage format holds exactly, so
// that an error is one of arithmetic and not of rounding the data.
double bench_number(Index place);
// Row e of a dense operator that measures a rows x cols matrix, row-major; symmetric where it is square.
void bench_matrix(Index e, Index rows, Index cols, std::span<double> values);

struct SweepCase {
  std::unique_ptr<Operator> A;
  Index rank = 1;
  bool symmetric = false;                                                           // L and R are one
  bool rough = false;                                                               // single precision will do
  std::function<double(Index e, const Matrix& L, const Matrix& R)> reference = {};  // z_e in double by an obvious loop
};
// The caller adds bytes and flops.
BenchWork sweep_work(SweepCase sweep);

}  // namespace gossan::cli
