#include "gossan/io.hpp"
#include "io/toml_settings.hpp"

namespace gossan {

std::vector<Setting> read_config(const std::filesystem::path& file) {
  return settings_of(parse_toml(read_text(file), file), file);
}

}  // namespace gossan
