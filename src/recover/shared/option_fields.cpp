#include "recover/shared/option_fields.hpp"

namespace gossan {

Field holdout_field(double* value, const std::string& what, double least) {
  return {.name = "holdout",
          .value = value,
          .help = "share of the " + what + " kept back for the verdict",
          .least = least,
          .most = 0.5};
}

void append_values(Settings& list, const Fields& fields) {
  for (const FieldView& each : view(fields)) list.emplace_back(each.name, each.value);
}

}  // namespace gossan
