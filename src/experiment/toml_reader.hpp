// A table of a TOML file, read key by key.
#pragma once

#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "gossan/options.hpp"
#include "io/toml_settings.hpp"

namespace gossan {

// Keys of a table that nothing has asked for are mistakes. Functions throw BadFile, naming the line, on a value of another kind.
class TomlReader {
 public:
  // where: " in [table]", for messages. The table and the file's name must outlive it.
  TomlReader(const toml::table& table, const std::filesystem::path& file, std::string where)
      : table_(table), file_(file), where_(std::move(where)) {}

  std::string text(const char* key, std::string otherwise);
  Index count(const char* key, Index otherwise);  // 0 to 1000000
  std::vector<std::string> texts(const char* key);
  Settings settings(const char* key);          // of a table, as key.setting
  const toml::table* table(const char* key);   // null where there is none
  const toml::array* tables(const char* key);  // the same
  void end() const;                            // throws where a key was not asked for
  [[noreturn]] void bad(const std::string& key, const std::string& expected) const;

 private:
  const toml::node* take(const char* key);

  const toml::table& table_;
  const std::filesystem::path& file_;
  std::string where_;
  std::set<std::string> asked_;
};

}  // namespace gossan
