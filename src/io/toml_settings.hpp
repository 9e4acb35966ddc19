// Settings in a TOML table.
#pragma once

#define TOML_HEADER_ONLY 1  // whoever links this library needs no other for it
#include <toml++/toml.h>

#include <filesystem>
#include <string>
#include <vector>

#include "gossan/io.hpp"

namespace gossan {

// In the order of the file; a table's name goes before the names in it, with a dot. Throws BadFile where a value is no text,
// number or yes/no.
std::vector<Setting> settings_of(const toml::table& table, const std::filesystem::path& file);
// A text, number or yes/no as text.
std::string text_of(const toml::node& value, const std::string& name, const std::filesystem::path& file);
toml::table parse_toml(std::string_view text, const std::filesystem::path& file);

}  // namespace gossan
