#include "config.hpp"

#include "gossan/io.hpp"
#include "toml_settings.hpp"

namespace gossan::cli {

std::vector<Setting> read_config(const std::filesystem::path& file) {
  return settings_of(parse_toml(read_text(file), file), file);
}

}  // namespace gossan::cli
