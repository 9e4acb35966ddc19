#include <fmt/format.h>

#include <stdexcept>

#include "gossan/inputs.hpp"
#include "gossan/io.hpp"
#include "io/json.hpp"

namespace gossan {
namespace {

constexpr int ensemble_schema = 1;

std::string value_text(const Json& value) { return value.is_string() ? value.get<std::string>() : value.dump(); }

}  // namespace

void write_ensemble(const std::filesystem::path& file, ImplicitOptions options) {
  Json json = {{"schema_version", ensemble_schema}};
  json.update(option_values(view(options.fields())));
  write_text(file, json_text(json));
}

ImplicitOptions read_ensemble(const std::filesystem::path& file) {
  const Json json = Json::parse(read_text(file), nullptr, false);
  if (json.is_discarded() || !json.is_object()) bad_file(file, "", "is no JSON object, expected the description of an ensemble");
  const Json version = json.value("schema_version", Json());
  if (version != ensemble_schema)
    bad_file(file, "schema_version", fmt::format("is {}, expected {}", version.dump(), ensemble_schema));
  ImplicitOptions options;
  const Fields fields = options.fields();
  for (const Field& field : fields) {
    if (!json.contains(field.name)) bad_file(file, field.name, "is missing");
  }
  for (const auto& [name, value] : json.items()) {
    if (name == "schema_version") continue;
    try {
      assign(fields, name, value_text(value), "an ensemble");
    } catch (const std::invalid_argument& error) {
      bad_file(file, name, error.what());
    }
  }
  return options;
}

}  // namespace gossan
