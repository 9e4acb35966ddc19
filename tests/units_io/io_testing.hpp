// What the tests of the readers and writers share.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "gossan/io.hpp"
#include "temporary_folder.hpp"

namespace gossan::testing {

// A seed of the fuzz targets, as NumPy or SciPy wrote it (tests/fuzz/make_corpus.py).
inline std::filesystem::path corpus(std::string_view name) { return std::filesystem::path(GOSSAN_CORPUS) / name; }

inline std::span<const std::byte> as_bytes(std::string_view text) { return std::as_bytes(std::span(text)); }

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
