#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>

#include "gossan/compare.hpp"
#include "gossan/inputs.hpp"
#include "gossan/io.hpp"
#include "inputs/cells.hpp"

namespace gossan {
namespace {

const std::vector<std::string> known_columns = {"id", "name", "latitude", "longitude", "x1"};

std::optional<std::size_t> column(const Csv& table, const std::string& name) {
  for (std::size_t c = 0; c < table.header.size(); ++c) {
    if (inputs::lower(inputs::trimmed(table.header[c])) == name) return c;
  }
  return std::nullopt;
}

Csv read_table(const std::filesystem::path& file) {
  Csv table = read_csv(file, known_columns);
  if (table.rows.empty()) bad_file(file, "the whole file", "no points");
  return table;
}

Matrix numbers(const Csv& table, const std::vector<std::size_t>& columns, const std::filesystem::path& file) {
  Matrix values(static_cast<Index>(table.rows.size()), static_cast<Index>(columns.size()));
  for (Index row = 0; row < values.rows(); ++row) {
    for (Index c = 0; c < values.cols(); ++c) {
      values(row, c) = number(table, row, static_cast<Index>(columns[static_cast<std::size_t>(c)]), file);
    }
  }
  return values;
}

std::vector<std::size_t> numbered_columns(const Csv& table) {
  std::vector<std::size_t> columns;
  while (const auto next = column(table, fmt::format("x{}", columns.size() + 1))) columns.push_back(*next);
  return columns;
}

std::vector<std::size_t> numeric_columns(const Csv& table) {
  std::vector<std::size_t> columns;
  for (std::size_t c = 0; c < table.rows.front().size(); ++c) {
    if (c == column(table, "id") || c == column(table, "name")) continue;
    const bool numeric = std::all_of(table.rows.begin(), table.rows.end(),
                                     [&](const std::vector<std::string>& row) { return as_finite(row[c]).has_value(); });
    if (numeric) columns.push_back(c);
  }
  return columns;
}

Matrix coordinates(const Csv& table, const std::filesystem::path& file) {
  auto columns = numbered_columns(table);
  if (columns.empty()) columns = numeric_columns(table);
  if (columns.empty()) bad_file(file, "the whole file", "no column holds numbers only, expected coordinates x1, x2, ...");
  return numbers(table, columns, file);
}

Matrix degrees(const Csv& table, const std::filesystem::path& file) {
  const auto latitude = column(table, "latitude"), longitude = column(table, "longitude");
  if (!latitude || !longitude) bad_file(file, "header", "expected the columns latitude and longitude");
  Matrix values = numbers(table, {*latitude, *longitude}, file);
  for (Index row = 0; row < values.rows(); ++row) {
    const bool possible = std::abs(values(row, 0)) <= 90 && std::abs(values(row, 1)) <= 360;
    if (!possible) {
      bad_file(file, fmt::format("line {}", table.lines[static_cast<std::size_t>(row)]),
               fmt::format("latitude {}, longitude {}, expected degrees within 90 and 360 of 0", values(row, 0), values(row, 1)));
    }
    values(row, 1) = std::remainder(values(row, 1), 360.0);
  }
  return values;
}

// The row of the table for every point.
std::vector<Index> match(const Csv& table, const NamedDistances& data, const std::filesystem::path& file) {
  const auto by_id = column(table, "id"), by_name = column(table, "name");
  const bool by_row = !by_id && data.integer_ids;
  if (!by_row && !by_id && !by_name) bad_file(file, "header", "expected a column id or name to look the points up in");
  std::map<std::string, Index> row_of;
  if (!by_row) {
    const std::size_t key = by_id ? *by_id : *by_name;
    for (std::size_t row = 0; row < table.rows.size(); ++row) {
      const std::string id(inputs::trimmed(table.rows[row][key]));
      if (!row_of.emplace(id, static_cast<Index>(row)).second) {
        bad_file(file, fmt::format("line {}", table.lines[row]), fmt::format("'{}' came already, expected every point once", id));
      }
    }
  }
  std::vector<Index> rows;
  for (std::size_t k = 0; k < data.ids.size(); ++k) {
    if (by_row) {
      const bool in_range = data.id_numbers[k] >= 0 && data.id_numbers[k] < static_cast<Index>(table.rows.size());
      if (!in_range) {
        bad_file(file, "the whole file",
                 fmt::format("{} points, but the distances speak of point {}; expected ids 0 to {}", table.rows.size(),
                             data.id_numbers[k], table.rows.size() - 1));
      }
      rows.push_back(data.id_numbers[k]);
    } else {
      const auto at = row_of.find(data.ids[k]);
      if (at == row_of.end())
        bad_file(file, "the whole file", fmt::format("no point '{}', which the distances name", data.ids[k]));
      rows.push_back(at->second);
    }
  }
  return rows;
}

}  // namespace

Matrix read_latitude_longitude(const std::filesystem::path& file) { return degrees(read_table(file), file); }

Matrix read_coordinates(const std::filesystem::path& file) { return coordinates(read_table(file), file); }

TruePoints read_true_points(const std::filesystem::path& file, const NamedDistances& data, const LocateOptions& options) {
  const Csv table = read_table(file);
  TruePoints truth;
  const bool spherical = options.metric == "great-circle";
  const Matrix all = spherical ? degrees(table, file) : coordinates(table, file);
  const auto rows = match(table, data, file);
  const Matrix taken = all(rows, Eigen::all);
  if (spherical) {
    truth.latitude_longitude = taken;
    truth.points.resize(taken.rows(), 3);
    for (Index i = 0; i < taken.rows(); ++i) truth.points.row(i) = on_sphere(taken(i, 0), taken(i, 1), options.radius);
  } else {
    truth.points = taken;
  }
  if (const auto name = column(table, "name")) {
    for (const Index row : rows) truth.names.push_back(table.rows[static_cast<std::size_t>(row)][*name]);
  }
  return truth;
}

}  // namespace gossan
