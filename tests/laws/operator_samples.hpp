// Samples for the laws of operators: the rows of the table, and the other forms in which an operator comes, which no file names.
#pragma once

#include <functional>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "gossan/operators.hpp"
#include "gossan/random.hpp"

namespace gossan {

struct OperatorSample {
  std::string name;
  std::function<std::unique_ptr<Operator>(std::uint64_t seed)> sample;
};
inline void PrintTo(const OperatorSample& each, std::ostream* out) { *out << each.name; }

inline ReadRows rows_of(Matrix data) {
  return [data = std::move(data)](Index first, std::span<double> out) {
    std::copy_n(data.data() + first * data.cols(), out.size(), out.begin());
  };
}

inline std::vector<OperatorSample> operator_samples() {
  constexpr Index n = 2 * Operator::granule + 3, side = 7;
  std::vector<OperatorSample> all;
  for (const OperatorRow& row : operators()) all.push_back({row.name, row.sample});
  all.push_back({"dense-packed", [](std::uint64_t seed) {
                   return dense(rows_of(normal_matrix(n, side * side, Random(seed, 7))), n, side, side, {.symmetric = true});
                 }});
  all.push_back({"streamed", [](std::uint64_t seed) {
                   return streamed(rows_of(normal_matrix(n, side * 5, Random(seed, 8))), n, side, 5, 8000);
                 }});
  for (const std::string& ensemble : ensemble_names())
    for (const bool symmetric : {false, true})
      all.push_back({ensemble + (symmetric ? "-symmetric" : ""), [=](std::uint64_t seed) {
                       return implicit({.ensemble = ensemble,
                                        .seed = seed,
                                        .measurements = n,
                                        .rows = side,
                                        .cols = symmetric ? side : 5,
                                        .symmetric = symmetric});
                     }});
  return all;
}

}  // namespace gossan
