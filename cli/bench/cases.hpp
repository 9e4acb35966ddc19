// What `gossan bench` times: a table, a row a kernel.
#pragma once

#include <functional>
#include <limits>
#include <string>
#include <vector>

#include "gossan/matrix.hpp"

namespace gossan::cli {

// What a row makes of each is in its help; --rows, --measurements and --rank replace them one by one.
struct BenchSize {
  Index rows = 0, measurements = 0, rank = 0;
};

// A kernel on data of its own, ready to be timed.
struct BenchWork {
  std::string shape;                                        // for people: "100 x 100, 12,500 measurements, rank 4"
  double bytes = 0;                                         // of measurement data that a sweep has to read
  double flops = 0;                                         // multiplications and additions that a sweep is for, in theory
  bool single = false;                                      // the arithmetic is compared with the peak of single precision
  double error = std::numeric_limits<double>::quiet_NaN();  // largest error of a residual against double, over their rms
  Index sweeps = 1;                                         // that one call does
  std::function<void()> run;
};

struct BenchCase {
  std::string name, help;
  BenchSize small, paper;
  std::function<BenchWork(const BenchSize& size)> make;
};
const std::vector<BenchCase>& bench_cases();

}  // namespace gossan::cli
