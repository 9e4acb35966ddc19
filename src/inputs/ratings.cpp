#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <optional>

#include "gossan/inputs.hpp"
#include "gossan/io.hpp"
#include "inputs/cells.hpp"

namespace gossan {
namespace {

using TripletColumns = std::array<std::size_t, 3>;

std::string line_number(const Csv& table, std::size_t row) { return fmt::format("line {}", table.lines[row]); }

// Where the header names row, column and value; the value is not looked for in pairs.
std::optional<TripletColumns> named_columns(const Csv& table, std::size_t wanted) {
  const std::array<std::vector<std::string>, 3> names = {
      std::vector<std::string>{"row", "i", "user", "userid", "user_id"},
      std::vector<std::string>{"col", "column", "j", "item", "itemid", "item_id", "movie", "movieid", "movie_id"},
      std::vector<std::string>{"value", "rating"}};
  TripletColumns columns{};
  for (std::size_t c = 0; c < wanted; ++c) {
    const auto at = std::find_if(table.header.begin(), table.header.end(), [&](const std::string& name) {
      return std::find(names[c].begin(), names[c].end(), inputs::lower(inputs::trimmed(name))) != names[c].end();
    });
    if (at == table.header.end()) return std::nullopt;
    columns[c] = static_cast<std::size_t>(at - table.header.begin());
  }
  return columns;
}

TripletColumns columns_of(const Csv& table, const std::filesystem::path& file, std::size_t wanted) {
  if (table.rows.empty()) bad_file(file, "the whole file", "no lines, expected 'row,column,value'");
  if (table.rows.front().size() < wanted)
    bad_file(
        file, line_number(table, 0),
        fmt::format("{} column(s), expected {}", table.rows.front().size(), wanted == 3 ? "row, column, value" : "row, column"));
  return named_columns(table, wanted).value_or(TripletColumns{0, 1, 2});
}

const std::string& id_at(const Csv& table, std::size_t row, std::size_t column, const std::filesystem::path& file) {
  const std::string& cell = table.rows[row][column];
  if (inputs::trimmed(cell).empty()) bad_file(file, line_number(table, row), "an id is empty, expected an integer or text");
  return cell;
}

double value_at(const Csv& table, std::size_t row, std::size_t column, const std::filesystem::path& file) {
  const std::string& cell = table.rows[row][column];
  const std::optional<double> value = as_finite(cell);
  if (!value) bad_file(file, line_number(table, row), fmt::format("value is '{}', expected a finite number", cell));
  return *value;
}

NamedRatings from_triplets(const Csv& table, const std::filesystem::path& file) {
  const TripletColumns columns = columns_of(table, file, 3);
  NamedRatings read;
  read.format = "triplets";
  Ratings& ratings = read.ratings;
  for (std::size_t row = 0; row < table.rows.size(); ++row) {
    ratings.i.push_back(read.row_ids.add(id_at(table, row, columns[0], file)));
    ratings.j.push_back(read.col_ids.add(id_at(table, row, columns[1], file)));
    ratings.value.push_back(value_at(table, row, columns[2], file));
  }
  const std::vector<Index> rows = read.row_ids.sort(), cols = read.col_ids.sort();
  for (Index& i : ratings.i) i = rows[static_cast<std::size_t>(i)];
  for (Index& j : ratings.j) j = cols[static_cast<std::size_t>(j)];
  ratings.rows = read.row_ids.count(), ratings.cols = read.col_ids.count();
  return read;
}

NamedRatings from_array(const Array& array, const std::filesystem::path& file) {
  if (array.shape.size() != 2 || array.values.empty()) bad_file(file, "shape", "expected a matrix, rows x columns");
  NamedRatings read;
  read.format = "matrix";
  read.ratings.rows = array.shape[0], read.ratings.cols = array.shape[1];
  for (std::size_t e = 0; e < array.values.size(); ++e) {
    const double value = array.values[e];
    if (std::isnan(value)) continue;
    const Index i = static_cast<Index>(e) / array.shape[1], j = static_cast<Index>(e) % array.shape[1];
    if (!std::isfinite(value))
      bad_file(file, fmt::format("entry ({}, {})", i, j), fmt::format("is {}, expected a finite number or NaN", value));
    read.ratings.i.push_back(i);
    read.ratings.j.push_back(j);
    read.ratings.value.push_back(value);
  }
  return read;
}

bool is_binary(const std::string& extension) { return extension == ".npy" || extension == ".npz" || extension == ".mat"; }

bool looks_like_triplets(const Csv& table) {
  constexpr std::size_t most_columns = 4;
  return named_columns(table, 3).has_value() || (!table.rows.empty() && table.rows.front().size() <= most_columns);
}

// NaN, as an array of numbers has it, is a missing entry.
void leave_out_missing(Ratings& ratings, const std::filesystem::path& file) {
  std::size_t kept = 0;
  for (std::size_t e = 0; e < ratings.value.size(); ++e) {
    if (std::isnan(ratings.value[e])) continue;
    if (std::isinf(ratings.value[e]))
      bad_file(file, fmt::format("entry {}", e + 1), fmt::format("is {}, expected a finite number", ratings.value[e]));
    ratings.i[kept] = ratings.i[e];
    ratings.j[kept] = ratings.j[e];
    ratings.value[kept++] = ratings.value[e];
  }
  ratings.i.resize(kept);
  ratings.j.resize(kept);
  ratings.value.resize(kept);
}

}  // namespace

Index average_repeated(Ratings& ratings) {
  std::vector<std::size_t> order(ratings.value.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const auto place = [&](std::size_t e) { return std::pair(ratings.i[e], ratings.j[e]); };
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return place(a) < place(b); });
  std::vector<bool> kept(order.size(), true);
  Index repeated = 0;
  for (std::size_t k = 0; k < order.size();) {
    std::size_t end = k + 1;
    double sum = ratings.value[order[k]];
    for (; end < order.size() && place(order[end]) == place(order[k]); ++end) {
      sum += ratings.value[order[end]];
      kept[order[end]] = false;
      ++repeated;
    }
    if (end > k + 1) ratings.value[order[k]] = sum / static_cast<double>(end - k);
    k = end;
  }
  if (repeated == 0) return 0;
  std::size_t to = 0;
  for (std::size_t e = 0; e < kept.size(); ++e) {
    if (!kept[e]) continue;
    ratings.i[to] = ratings.i[e], ratings.j[to] = ratings.j[e], ratings.value[to] = ratings.value[e];
    ++to;
  }
  ratings.i.resize(to), ratings.j.resize(to), ratings.value.resize(to);
  return repeated;
}

NamedRatings read_ratings(const std::filesystem::path& file, const std::string& format) {
  const std::string extension = inputs::lower(file.extension().string());
  NamedRatings read;
  if (extension == ".mtx") {
    Triplets triplets = read_mtx(file);
    read.format = "sparse matrix";
    read.ratings = {triplets.rows, triplets.cols, std::move(triplets.i), std::move(triplets.j), std::move(triplets.value)};
    leave_out_missing(read.ratings, file);
  } else if (is_binary(extension)) {
    read = from_array(read_array(file), file);
  } else {
    const bool told = format != "auto";
    const Csv table = told && format == "matrix" ? Csv{} : read_csv(file, {"row", "col", "value"});
    const bool triplets = told ? format == "triplets" : looks_like_triplets(table);
    read = triplets ? from_triplets(table, file) : from_array(read_array(file), file);
  }
  if (read.ratings.value.empty()) bad_file(file, "the whole file", "no entry is known, expected at least one");
  if (read.format != "triplets") {
    read.row_ids = IdTable::numbered(read.ratings.rows);
    read.col_ids = IdTable::numbered(read.ratings.cols);
  }
  if (read.format != "matrix") read.repeated = average_repeated(read.ratings);
  return read;
}

NamedPairs read_pairs(const std::filesystem::path& file, const IdTable& rows, const IdTable& cols, bool with_values) {
  const std::size_t wanted = with_values ? 3 : 2;
  const Csv table =
      read_csv(file, with_values ? std::vector<std::string>{"row", "col", "value"} : std::vector<std::string>{"row", "col"});
  const TripletColumns columns = columns_of(table, file, wanted);
  NamedPairs pairs;
  for (std::size_t row = 0; row < table.rows.size(); ++row) {
    pairs.row.emplace_back(inputs::trimmed(id_at(table, row, columns[0], file)));
    pairs.col.emplace_back(inputs::trimmed(id_at(table, row, columns[1], file)));
    pairs.i.push_back(rows.find(pairs.row.back()));
    pairs.j.push_back(cols.find(pairs.col.back()));
    if (with_values) pairs.value.push_back(value_at(table, row, columns[2], file));
  }
  return pairs;
}

Matrix read_features(const std::filesystem::path& file, const IdTable& ids) {
  const std::string extension = inputs::lower(file.extension().string());
  if (is_binary(extension) || extension == ".mtx") {
    Matrix features = read_matrix(file.string());
    if (features.rows() != ids.count())
      bad_file(file, "shape", fmt::format("has {} rows, expected {}, one an id", features.rows(), ids.count()));
    return features;
  }
  const Csv table = read_csv(file);
  if (table.rows.empty() || table.rows.front().size() < 2) bad_file(file, "line 1", "expected an id and at least one number");
  const auto width = static_cast<Index>(table.rows.front().size()) - 1;
  Matrix features = Matrix::Zero(ids.count(), width);
  std::vector<bool> known(static_cast<std::size_t>(ids.count()), false);
  Vector sum = Vector::Zero(width);
  double count = 0;
  for (std::size_t row = 0; row < table.rows.size(); ++row) {
    const Index id = ids.find(id_at(table, row, 0, file));
    if (id < 0) continue;  // of no entry
    for (Index k = 0; k < width; ++k) features(id, k) = value_at(table, row, static_cast<std::size_t>(k) + 1, file);
    if (known[static_cast<std::size_t>(id)]) continue;
    known[static_cast<std::size_t>(id)] = true;
    sum += features.row(id).transpose();
    count += 1;
  }
  if (count == 0) bad_file(file, "the first column", "has none of the ids of the ratings");
  for (Index id = 0; id < ids.count(); ++id) {
    if (!known[static_cast<std::size_t>(id)]) features.row(id) = sum.transpose() / count;
  }
  return features;
}

}  // namespace gossan
