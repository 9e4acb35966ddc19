#include "experiment/toml_reader.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cstdint>
#include <utility>

#include "gossan/io.hpp"

namespace gossan {

const toml::node* TomlReader::take(const char* key) {
  asked_.insert(key);
  return table_.get(key);
}

std::string TomlReader::text(const char* key, std::string otherwise) {
  const toml::node* node = take(key);
  return node == nullptr ? std::move(otherwise) : text_of(*node, key, file_);
}

Index TomlReader::count(const char* key, Index otherwise) {
  const toml::node* node = take(key);
  if (node == nullptr) return otherwise;
  const auto* integer = node->as_integer();
  constexpr std::int64_t most = 1'000'000;
  if (integer == nullptr || integer->get() < 0 || integer->get() > most) bad(key, "a whole number from 0 to 1000000");
  return static_cast<Index>(integer->get());
}

std::vector<std::string> TomlReader::texts(const char* key) {
  std::vector<std::string> list;
  const toml::node* node = take(key);
  if (node == nullptr) return list;
  if (node->as_array() == nullptr || node->as_array()->empty()) bad(key, "a list of values");
  for (const toml::node& each : *node->as_array()) list.push_back(text_of(each, key, file_));
  return list;
}

Settings TomlReader::settings(const char* key) {
  Settings list;
  const toml::table* inner = table(key);
  if (inner == nullptr) return list;
  for (Setting& each : settings_of(*inner, file_)) list.emplace_back(fmt::format("{}.{}", key, each.key), std::move(each.value));
  return list;
}

const toml::table* TomlReader::table(const char* key) {
  const toml::node* node = take(key);
  if (node != nullptr && node->as_table() == nullptr) bad(key, "a table");
  return node == nullptr ? nullptr : node->as_table();
}

const toml::array* TomlReader::tables(const char* key) {
  const toml::node* node = take(key);
  if (node == nullptr) return nullptr;
  const auto* array = node->as_array();
  if (array == nullptr || !array->is_homogeneous(toml::node_type::table)) bad(key, "tables, each [[" + std::string(key) + "]]");
  return array;
}

void TomlReader::end() const {
  for (const auto& [key, node] : table_) {
    if (asked_.contains(std::string(key.str()))) continue;
    bad_file(file_, fmt::format("line {}", node.source().begin.line),
             fmt::format("'{}' is not known{}, expected one of {}", key.str(), where_, fmt::join(asked_, ", ")));
  }
}

void TomlReader::bad(const std::string& key, const std::string& expected) const {
  const toml::node* node = table_.get(key);
  bad_file(file_, node == nullptr ? "" : fmt::format("line {}", node->source().begin.line),
           fmt::format("'{}'{} must be {}", key, where_, expected));
}

}  // namespace gossan
