#include "io/json.hpp"

namespace gossan {
namespace {

Json typed(const FieldView& field) {
  if (field.type == "yes/no") return field.value == "yes";
  if (field.type == "text") return field.value;
  if (field.value.empty()) return nullptr;
  return Json::parse(field.value, nullptr, false);
}

}  // namespace

Json option_values(const std::vector<FieldView>& options) {
  Json object = Json::object();
  for (const FieldView& field : options) object[field.name] = typed(field);
  return object;
}

std::string json_text(const Json& json) { return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n"; }

}  // namespace gossan
