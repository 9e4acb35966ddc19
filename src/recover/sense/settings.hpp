// Names and options of the parts that a recovery of `sense` is made of.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "gossan/options.hpp"
#include "gossan/recover.hpp"

namespace gossan::sensing {

// Settings "loss.delta" = "1" by part. Throws on a setting that names none of the parts.
class PartSettings {
 public:
  explicit PartSettings(const Settings& settings);
  Settings of(std::string_view part) const;

 private:
  Settings settings_;
};

// Appends `part` = name and "part.option" = value for every option of the row, as set or by default.
void add_choices(Choices& choices, const std::string& part, const std::string& name, const std::vector<FieldView>& options,
                 const Settings& set);

}  // namespace gossan::sensing
