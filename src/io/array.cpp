// One dense array out of any of the formats.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <limits>

#include "gossan/io.hpp"
#include "io/numbers.hpp"
#include "io/text.hpp"

namespace gossan {
namespace {

namespace fs = std::filesystem;
constexpr double missing = std::numeric_limits<double>::quiet_NaN();

std::string names_of(const auto& named) {
  std::string list;
  for (const auto& [name, ignored] : named) list += (list.empty() ? "" : ", ") + in_quotes(name);
  return list;
}

// The named one, or the only one.
Array choose(std::map<std::string, Array> arrays, std::string_view wanted, const fs::path& file) {
  if (wanted.empty() && arrays.size() == 1) return std::move(arrays.begin()->second);
  if (const auto found = arrays.find(std::string(wanted)); found != arrays.end()) return std::move(found->second);
  if (wanted.empty() && !arrays.empty())
    bad_file(file, "", fmt::format("holds {}, expected one array or the name of one", names_of(arrays)));
  bad_file(file, "",
           arrays.empty() ? "holds no array" : fmt::format("has no array {}, but {}", in_quotes(wanted), names_of(arrays)));
}

Array from_npz(const fs::path& file, std::string_view wanted) {
  if (!wanted.empty())
    if (auto found = read_npz(file, wanted); !found.empty()) return std::move(found.begin()->second);
  return choose(read_npz(file), wanted, file);
}

Array from_mat(const fs::path& file, std::string_view wanted) {
  std::map<std::string, std::string> others;
  auto arrays = read_mat(file, &others);
  const auto refused = wanted.empty() && arrays.empty() ? others.begin() : others.find(std::string(wanted));
  if (refused != others.end() && arrays.count(std::string(wanted)) == 0)
    bad_file(file, "variable " + in_quotes(refused->first),
             fmt::format("is {}, expected a dense array of real numbers", refused->second));
  return choose(std::move(arrays), wanted, file);
}

bool is_missing(std::string_view cell) {
  constexpr std::array<std::string_view, 6> words{"", "nan", "NaN", "NAN", "NA", "na"};
  return std::find(words.begin(), words.end(), cell) != words.end();
}

Array from_csv(const fs::path& file) {
  const Csv table = read_csv(file);
  Array array;
  array.shape = {static_cast<Index>(table.rows.size()), static_cast<Index>(table.rows.front().size())};
  array.dtype = "text";
  array.values.reserve(table.rows.size() * table.rows.front().size());
  for (Index row = 0; row < array.shape[0]; ++row)
    for (Index column = 0; column < array.shape[1]; ++column) {
      const std::string& cell = table.rows[static_cast<std::size_t>(row)][static_cast<std::size_t>(column)];
      array.values.push_back(is_missing(cell) ? missing : number(table, row, column, file));
    }
  return array;
}

Array from_mtx(const fs::path& file) {
  const Triplets entries = read_mtx(file);
  const std::string size = fmt::format("{} x {}", entries.rows, entries.cols);
  if (entries.value.size() != static_cast<std::size_t>(entries.rows * entries.cols))
    bad_file(file, "", fmt::format("has {} entries of a {} matrix, expected all of them", entries.value.size(), size));
  Array array{{entries.rows, entries.cols}, std::vector<double>(entries.value.size()), "text"};
  std::vector<bool> seen(entries.value.size());
  for (std::size_t e = 0; e < entries.value.size(); ++e) {
    const auto at = static_cast<std::size_t>(entries.i[e] * entries.cols + entries.j[e]);
    if (seen[at]) bad_file(file, "", fmt::format("has row {}, column {} twice", entries.i[e] + 1, entries.j[e] + 1));
    seen[at] = true;
    array.values[at] = entries.value[e];
  }
  return array;
}

}  // namespace

Array read_array(const fs::path& file, std::string_view name) {
  std::string extension = file.extension().string();
  for (char& c : extension) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  if (extension == ".npz") return from_npz(file, name);
  if (extension == ".mat") return from_mat(file, name);
  if (!name.empty())
    throw std::invalid_argument(fmt::format("read_array: name is {}, but only .npz and .mat name their arrays", in_quotes(name)));
  if (extension == ".npy") return read_npy(file);
  if (extension == ".csv" || extension == ".tsv" || extension == ".txt") return from_csv(file);
  if (extension == ".mtx") return from_mtx(file);
  bad_file(file, "",
           fmt::format("has the extension {}, expected .npy, .npz, .csv, .tsv, .txt, .mtx or .mat", in_quotes(extension)));
}

}  // namespace gossan
