// What the tests of the readers and writers share.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "gossan/io.hpp"
#include "refusal.hpp"
#include "temporary_folder.hpp"

namespace gossan::testing {

// A seed of the fuzz targets, as NumPy or SciPy wrote it (tests/fuzz/make_corpus.py).
inline std::filesystem::path corpus(std::string_view name) { return std::filesystem::path(GOSSAN_CORPUS) / name; }

inline std::span<const std::byte> as_bytes(std::string_view text) { return std::as_bytes(std::span(text)); }

}  // namespace gossan::testing
