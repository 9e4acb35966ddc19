#include "operators/incidence.hpp"

#include <fmt/format.h>

#include <limits>
#include <stdexcept>

namespace gossan {
namespace {

// Turns counts at [p + 1] into starts.
void accumulate(std::vector<std::size_t>& start) {
  for (std::size_t p = 1; p < start.size(); ++p) start[p] += start[p - 1];
}

std::size_t slot(Index index) { return static_cast<std::size_t>(index); }

void check_range(const char* who, const char* what, Index bound, std::span<const Index> index) {
  for (std::size_t e = 0; e < index.size(); ++e)
    if (index[e] < 0 || index[e] >= bound)
      throw std::invalid_argument(
          fmt::format("{}: {} of measurement {} is {}, expected 0 to {}", who, what, e, index[e], bound - 1));
}

}  // namespace

Incidence::Incidence(Index points, std::span<const Index> point, std::span<const Index> other)
    : start_(slot(points) + 1), touches_(point.size()) {
  for (const Index p : point) ++start_[slot(p) + 1];
  accumulate(start_);
  std::vector<std::size_t> next(start_.begin(), start_.end() - 1);
  for (std::size_t e = 0; e < point.size(); ++e) touches_[next[slot(point[e])]++] = {static_cast<Index>(e), other[e]};
}

Incidence Incidence::of_pairs(Index points, std::span<const Index> i, std::span<const Index> j) {
  Incidence pairs;
  pairs.start_.resize(slot(points) + 1);
  pairs.touches_.resize(2 * i.size());
  for (std::size_t e = 0; e < i.size(); ++e) {
    ++pairs.start_[slot(i[e]) + 1];
    ++pairs.start_[slot(j[e]) + 1];
  }
  accumulate(pairs.start_);
  std::vector<std::size_t> next(pairs.start_.begin(), pairs.start_.end() - 1);
  for (std::size_t e = 0; e < i.size(); ++e) {
    pairs.touches_[next[slot(i[e])]++] = {static_cast<Index>(e), j[e]};
    pairs.touches_[next[slot(j[e])]++] = {static_cast<Index>(e), i[e]};
  }
  return pairs;
}

void check_indices(const char* who, Index rows, Index cols, std::span<const Index> i, std::span<const Index> j) {
  constexpr Index most = std::numeric_limits<int>::max();
  if (rows < 1 || cols < 1 || rows > most || cols > most)
    throw std::invalid_argument(fmt::format("{}: the matrix is {} x {}, expected 1 to {} each way", who, rows, cols, most));
  if (i.size() != j.size())
    throw std::invalid_argument(fmt::format("{}: {} indices i and {} indices j, expected as many", who, i.size(), j.size()));
  if (i.empty()) throw std::invalid_argument(fmt::format("{}: no measurements, expected at least one", who));
  check_range(who, "i", rows, i);
  check_range(who, "j", cols, j);
}

}  // namespace gossan
