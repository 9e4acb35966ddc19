#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <tuple>
#include <unordered_map>
#include <utility>

#include "gossan/inputs.hpp"
#include "gossan/io.hpp"
#include "inputs/cells.hpp"

namespace gossan {
namespace {

using Columns = std::array<std::size_t, 3>;  // of i, j, distance

std::string line_of(const Csv& table, std::size_t row) { return fmt::format("line {}", table.lines[row]); }

Columns find_columns(const Csv& table, const std::filesystem::path& file, std::string& note) {
  if (table.rows.empty()) bad_file(file, "the whole file", "no pairs, expected lines 'i,j,distance'");
  const std::size_t width = table.rows.front().size();
  if (width < 3) bad_file(file, line_of(table, 0), fmt::format("{} column(s), expected three: i, j, distance", width));
  if (table.header.empty()) return {0, 1, 2};
  Columns columns = {0, 1, 2};
  const std::array<std::string, 3> wanted = {"i", "j", "distance"};
  for (std::size_t c = 0; c < 3; ++c) {
    const auto at = std::find_if(table.header.begin(), table.header.end(),
                                 [&](const std::string& name) { return inputs::lower(inputs::trimmed(name)) == wanted[c]; });
    if (at == table.header.end()) {
      note = fmt::format("{}, {}, {} taken as i, j, distance", table.header[0], table.header[1], table.header[2]);
      return {0, 1, 2};
    }
    columns[c] = static_cast<std::size_t>(at - table.header.begin());
  }
  return columns;
}

// Each id once, in order, and for every row its two points.
struct Ids {
  std::vector<std::string> names;
  std::vector<Index> numbers;
  std::vector<std::pair<Index, Index>> pairs;
};

bool all_integers(const std::vector<std::string>& names) {
  return std::all_of(names.begin(), names.end(), [](const std::string& name) { return as_integer(name).has_value(); });
}

// "7" and "007" are one point where all ids are integers.
Ids number_points(const Csv& table, const Columns& columns, const std::filesystem::path& file) {
  Ids ids;
  std::unordered_map<std::string, Index> first_seen;
  const auto intern = [&](std::size_t row, std::size_t column, char which) {
    std::string name(inputs::trimmed(table.rows[row][column]));
    if (name.empty()) bad_file(file, line_of(table, row), fmt::format("{} is empty, expected the id of a point", which));
    const auto [at, is_new] = first_seen.emplace(name, static_cast<Index>(ids.names.size()));
    if (is_new) ids.names.push_back(std::move(name));
    return at->second;
  };
  ids.pairs.reserve(table.rows.size());
  for (std::size_t row = 0; row < table.rows.size(); ++row) {
    const Index i = intern(row, columns[0], 'i');
    ids.pairs.emplace_back(i, intern(row, columns[1], 'j'));
  }

  const bool integers = all_integers(ids.names);
  std::vector<std::pair<Index, std::size_t>> order(ids.names.size());  // key, first seen
  for (std::size_t k = 0; k < order.size(); ++k) order[k] = {integers ? *as_integer(ids.names[k]) : 0, k};
  std::sort(order.begin(), order.end(), [&](const auto& a, const auto& b) {
    return a.first != b.first ? a.first < b.first : !integers && ids.names[a.second] < ids.names[b.second];
  });
  std::vector<Index> point(order.size());
  std::vector<std::string> names;
  for (std::size_t k = 0; k < order.size(); ++k) {
    const bool same_number = integers && k > 0 && order[k].first == order[k - 1].first;
    if (!same_number) {
      names.push_back(ids.names[order[k].second]);
      if (integers) ids.numbers.push_back(order[k].first);
    }
    point[order[k].second] = static_cast<Index>(names.size()) - 1;
  }
  for (auto& [i, j] : ids.pairs)
    std::tie(i, j) = std::pair(point[static_cast<std::size_t>(i)], point[static_cast<std::size_t>(j)]);
  ids.names = std::move(names);
  return ids;
}

double distance_at(const Csv& table, std::size_t row, std::size_t column, const std::filesystem::path& file) {
  const std::string& cell = table.rows[row][column];
  const std::optional<double> value = as_finite(cell);
  if (!value || *value < 0) {
    bad_file(file, line_of(table, row), fmt::format("distance is '{}', expected a finite number >= 0", cell));
  }
  return *value;
}

}  // namespace

NamedDistances read_distances(const std::filesystem::path& file) {
  const Csv table = read_csv(file, {"i", "j", "distance"});
  NamedDistances out;
  const Columns columns = find_columns(table, file, out.columns);
  Ids ids = number_points(table, columns, file);
  out.ids = std::move(ids.names);
  out.id_numbers = std::move(ids.numbers);
  out.integer_ids = !out.id_numbers.empty();
  const Index n = static_cast<Index>(out.ids.size());
  out.pairs.points = n;
  std::unordered_map<Index, std::size_t> seen;  // unordered pair -> row
  seen.reserve(table.rows.size());
  for (std::size_t row = 0; row < table.rows.size(); ++row) {
    const auto [i, j] = ids.pairs[row];
    const std::string& name_i = out.ids[static_cast<std::size_t>(i)];
    const std::string& name_j = out.ids[static_cast<std::size_t>(j)];
    if (i == j) bad_file(file, line_of(table, row), fmt::format("pairs point '{}' with itself, expected two points", name_i));
    const auto [first, is_new] = seen.emplace(std::min(i, j) * n + std::max(i, j), row);
    if (!is_new) {
      bad_file(file, line_of(table, row),
               fmt::format("pair '{}', '{}' came already on line {}, expected every pair once", name_i, name_j,
                           table.lines[first->second]));
    }
    out.pairs.i.push_back(i);
    out.pairs.j.push_back(j);
    out.pairs.distance.push_back(distance_at(table, row, columns[2], file));
  }
  return out;
}

}  // namespace gossan
