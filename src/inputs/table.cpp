#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <limits>
#include <span>
#include <utility>
#include <vector>

#include "gossan/inputs.hpp"
#include "inputs/cells.hpp"

namespace gossan {
namespace {

constexpr double largest_number = 1e150;

struct TableShape {
  Index rows = 0, cols = 0;
};

TableShape shape_of(const std::string& file, const std::vector<Index>& shape) {
  const bool fits = (shape.size() == 1 || shape.size() == 2) && std::find(shape.begin(), shape.end(), 0) == shape.end();
  if (!fits) bad_file(file, fmt::format("shape ({})", fmt::join(shape, ", ")), "expected a matrix of at least one entry");
  return {shape[0], shape.size() == 2 ? shape[1] : 1};
}

TableFile from_values(const TableShape& shape, std::vector<double> values) {
  auto held = std::make_shared<const std::vector<double>>(std::move(values));
  TableFile table;
  table.table = {shape.rows, shape.cols, [held, cols = shape.cols](Index first, std::span<double> out) {
                   std::copy_n(held->data() + first * cols, out.size(), out.data());
                 }};
  table.held = held;
  return table;
}

// All NaN.
std::vector<double> no_values(const std::string& file, const TableShape& shape) {
  constexpr Index most = Index{1} << 31;  // numbers: 16 GiB
  if (shape.rows > most / shape.cols)
    bad_file(file, "", fmt::format("is a {} x {} table of more than 2^31 entries, holes included", shape.rows, shape.cols));
  return std::vector<double>(static_cast<std::size_t>(shape.rows * shape.cols), std::numeric_limits<double>::quiet_NaN());
}

TableFile from_triplets(const std::string& file) {
  const Triplets entries = read_mtx(file);
  const TableShape shape = shape_of(file, {entries.rows, entries.cols});
  std::vector<double> values = no_values(file, shape);
  for (std::size_t e = 0; e < entries.value.size(); ++e) {
    double& value = values[static_cast<std::size_t>(entries.i[e] * shape.cols + entries.j[e])];
    if (!std::isnan(value)) bad_file(file, "", fmt::format("has row {}, column {} twice", entries.i[e] + 1, entries.j[e] + 1));
    value = entries.value[e];
  }
  return from_values(shape, std::move(values));
}

TableFile row_by_row(const std::string& file, RowFile rows) {
  const TableShape shape = shape_of(file, rows.shape());
  auto held = std::make_shared<const RowFile>(std::move(rows));
  TableFile table;
  table.table = {shape.rows, shape.cols, [held](Index first, std::span<double> out) { held->read(first, out); }};
  table.streams = true;
  table.held = held;
  return table;
}

TableFile from_file(const std::string& file, const std::string& variable) {
  const std::string extension = inputs::lower(std::filesystem::path(file).extension().string());
  if (extension == ".mtx" && variable.empty()) return from_triplets(file);
  if (extension == ".npy" && variable.empty()) {
    // What is not in C order is turned as a whole.
    try {
      return row_by_row(file, RowFile(file, PageCache::keep));
    } catch (const BadFile&) {
      // read_array says what is wrong, or reads it.
    }
  }
  Array array = read_array(file, variable);
  const TableShape shape = shape_of(file, array.shape);
  return from_values(shape, std::move(array.values));
}

void check_numbers(const std::string& file, const TableRows& table) {
  const Index together = std::max<Index>(1, (Index{1} << 16) / table.cols);
  std::vector<double> rows(static_cast<std::size_t>(std::min(together, table.rows) * table.cols));
  for (Index first = 0; first < table.rows; first += together) {
    const auto count = static_cast<std::size_t>(std::min(together, table.rows - first) * table.cols);
    table.read(first, std::span(rows).first(count));
    for (std::size_t e = 0; e < count; ++e) {
      if (std::isnan(rows[e]) || std::abs(rows[e]) <= largest_number) continue;
      const Index at = first * table.cols + static_cast<Index>(e);
      bad_file(file, fmt::format("entry ({}, {})", at / table.cols, at % table.cols),
               fmt::format("is {}, expected a number of size 1e150 at most, or NaN for none", rows[e]));
    }
  }
}

}  // namespace

TableFile read_table(const std::string& file, const std::string& variable) {
  TableFile table = from_file(file, variable);
  check_numbers(file, table.table);
  return table;
}

TableFile table_of(const Ratings& entries, const std::string& file) {
  const TableShape shape{entries.rows, entries.cols};
  std::vector<double> values = no_values(file, shape);
  for (std::size_t e = 0; e < entries.value.size(); ++e)
    values[static_cast<std::size_t>(entries.i[e] * shape.cols + entries.j[e])] = entries.value[e];
  TableFile table = from_values(shape, std::move(values));
  check_numbers(file, table.table);
  return table;
}

}  // namespace gossan
