// Tests over a table: one instance a row, named after it.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace gossan {

template <class AnyRow>
std::string row_name(const testing::TestParamInfo<AnyRow>& info) {
  std::string name = info.param.name;
  std::replace_if(
      name.begin(), name.end(), [](char c) { return !std::isalnum(static_cast<unsigned char>(c)); }, '_');
  return name;
}

}  // namespace gossan
