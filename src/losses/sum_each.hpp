// The loop of every loss that judges each residual by itself.
#pragma once

#include <array>
#include <cassert>
#include <cstddef>
#include <span>

namespace gossan {

struct Judged {
  double value = 0;
  double weight = 0;
};

// sum_e judge(r_e).value, weight_e = judge(r_e).weight; weight may be the memory of r. Eight running sums that are added at the
// end: compilers may turn them into vector instructions, and the result is a function of the residuals alone, not of where they
// lie in memory.
template <class JudgeOne>
double sum_each(std::span<const double> r, std::span<double> weight, JudgeOne judge) {
  assert(r.size() == weight.size());
  constexpr std::size_t lanes = 8;
  std::array<double, lanes> sum{};
  const auto judge_lanes = [&](std::size_t first, std::size_t count) {
    std::array<Judged, lanes> judged{};
    for (std::size_t lane = 0; lane < count; ++lane) judged[lane] = judge(r[first + lane]);
    for (std::size_t lane = 0; lane < count; ++lane) sum[lane] += judged[lane].value;
    for (std::size_t lane = 0; lane < count; ++lane) weight[first + lane] = judged[lane].weight;
  };
  const std::size_t whole = r.size() - r.size() % lanes;
  for (std::size_t first = 0; first < whole; first += lanes) judge_lanes(first, lanes);
  judge_lanes(whole, r.size() - whole);
  return ((sum[0] + sum[1]) + (sum[2] + sum[3])) + ((sum[4] + sum[5]) + (sum[6] + sum[7]));
}

}  // namespace gossan
