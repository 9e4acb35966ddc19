// What a reader says of a file that it refuses.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "gossan/io.hpp"

namespace gossan::testing {

// The message of the BadFile that `read` throws; a failed test when it throws none.
template <class Read>
std::string refusal(Read read) {
  try {
    read();
  } catch (const BadFile& error) {
    return error.what();
  }
  ADD_FAILURE() << "was read without complaint";
  return {};
}

inline void expect_contains(const std::string& message, const std::vector<std::string>& parts) {
  for (const std::string& part : parts) EXPECT_NE(message.find(part), std::string::npos) << "no '" << part << "' in: " << message;
}

}  // namespace gossan::testing
