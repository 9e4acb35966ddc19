#include "recover/complete/entries.hpp"

#include <fmt/format.h>

#include <cmath>
#include <limits>
#include <stdexcept>

namespace gossan::completing {
namespace {

[[noreturn]] void refuse_entries(const std::string& who, const std::string& what) {
  throw std::invalid_argument(who + ": " + what);
}

std::vector<Index> starts_of(const std::vector<Index>& key, Index count, const std::vector<bool>& chosen) {
  std::vector<Index> start(static_cast<std::size_t>(count) + 1, 0);
  for (std::size_t e = 0; e < key.size(); ++e) {
    if (chosen.empty() || chosen[e]) ++start[static_cast<std::size_t>(key[e]) + 1];
  }
  for (std::size_t a = 1; a < start.size(); ++a) start[a] += start[a - 1];
  return start;
}

}  // namespace

void check_entries(const Ratings& data, const std::string& who) {
  if (data.rows < 1 || data.cols < 1)
    refuse_entries(who, fmt::format("shape is {} x {}, expected at least 1 x 1", data.rows, data.cols));
  if (data.i.size() != data.value.size() || data.j.size() != data.value.size())
    refuse_entries(who, fmt::format("i, j, value have {}, {}, {} entries, expected the same number", data.i.size(), data.j.size(),
                                    data.value.size()));
  if (data.value.empty()) refuse_entries(who, "there are no entries, expected at least one");
  constexpr auto most = static_cast<Index>(std::numeric_limits<std::uint32_t>::max());
  if (static_cast<Index>(data.value.size()) > most || data.rows > most || data.cols > most)
    refuse_entries(who, "rows, columns and entries must be fewer than 2^32 each");
  for (std::size_t e = 0; e < data.value.size(); ++e) {
    if (data.i[e] < 0 || data.i[e] >= data.rows || data.j[e] < 0 || data.j[e] >= data.cols)
      refuse_entries(who, fmt::format("entry {} is at ({}, {}), expected a place within {} x {}", e, data.i[e], data.j[e],
                                      data.rows, data.cols));
    if (!std::isfinite(data.value[e]))
      refuse_entries(who, fmt::format("value {} is {}, expected a finite number", e, data.value[e]));
  }
}

Entries arrange(const Ratings& data, const std::vector<bool>& chosen) {
  Entries entries;
  // Twice a counting sort: by column, then, keeping that order, by row.
  std::vector<Index> next = starts_of(data.j, data.cols, chosen);
  const auto n = static_cast<std::size_t>(next.back());
  std::vector<Index> by_column(n);
  for (std::size_t e = 0; e < data.value.size(); ++e) {
    if (chosen.empty() || chosen[e])
      by_column[static_cast<std::size_t>(next[static_cast<std::size_t>(data.j[e])]++)] = static_cast<Index>(e);
  }
  entries.by_row.start = starts_of(data.i, data.rows, chosen);
  next = entries.by_row.start;
  entries.source.resize(n);
  for (const Index e : by_column)
    entries.source[static_cast<std::size_t>(next[static_cast<std::size_t>(data.i[static_cast<std::size_t>(e)])]++)] = e;
  entries.value.resize(n);
  entries.by_row.other.resize(n);
  for (std::size_t k = 0; k < n; ++k) {
    const auto e = static_cast<std::size_t>(entries.source[k]);
    entries.value[k] = data.value[e];
    entries.by_row.other[k] = static_cast<std::uint32_t>(data.j[e]);
    const bool twice = k > 0 && data.i[static_cast<std::size_t>(entries.source[k - 1])] == data.i[e] &&
                       data.j[static_cast<std::size_t>(entries.source[k - 1])] == data.j[e];
    if (twice)
      refuse_entries("ratings", fmt::format("entry ({}, {}) comes twice, expected every pair once", data.i[e], data.j[e]));
  }
  entries.by_col.start = starts_of(data.j, data.cols, chosen);
  next = entries.by_col.start;
  entries.by_col.other.resize(n);
  entries.by_col.entry.resize(n);
  for (std::size_t k = 0; k < n; ++k) {
    const auto e = static_cast<std::size_t>(entries.source[k]);
    const auto at = static_cast<std::size_t>(next[static_cast<std::size_t>(data.j[e])]++);
    entries.by_col.other[at] = static_cast<std::uint32_t>(data.i[e]);
    entries.by_col.entry[at] = static_cast<std::uint32_t>(k);
  }
  return entries;
}

}  // namespace gossan::completing
