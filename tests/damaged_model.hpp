// Archives of models with something wrong in them.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <functional>
#include <map>
#include <string>

#include "gossan/apply.hpp"
#include "gossan/io.hpp"

namespace gossan {

using Members = std::map<std::string, Array>;

// read_model() of the changed archive names what is wrong.
inline void expect_refused(const std::filesystem::path& file, Members arrays, const std::function<void(Members&)>& change,
                           const std::string& said) {
  change(arrays);
  write_npz(file, arrays);
  try {
    read_model(file);
    ADD_FAILURE() << "read, expected: " << said;
  } catch (const BadFile& error) {
    EXPECT_NE(std::string(error.what()).find(said), std::string::npos) << error.what();
  }
}

}  // namespace gossan
