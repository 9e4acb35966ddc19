// A whole descent as work to be timed: model, loss, schedule, method and loop around the sweeps.
#pragma once

#include "bench_cases.hpp"

namespace gossan::cli {

BenchWork loop_work(const BenchSize& size);

}  // namespace gossan::cli
