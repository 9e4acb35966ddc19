#include "gossan/present.hpp"
#include "io/json.hpp"

namespace gossan {

std::string generated_json(const std::string& name, const std::vector<std::pair<std::string, Index>>& counts,
                           const std::vector<FieldView>& options) {
  Json json = {{"schema_version", 1}, {"verb", "generate " + name}};
  for (const auto& [what, count] : counts) json[what] = count;
  json["options"] = option_values(options);
  json["version"] = version();
  return json_text(json);
}

}  // namespace gossan
