// What every fuzz target demands of a reader: numbers that fit their shape, or BadFile; anything else is a crash.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <span>
#include <string_view>

#include "gossan/io.hpp"

namespace gossan::fuzz {

inline void demand(bool holds) {
  if (!holds) std::abort();
}

inline void check(const Array& array) {
  Index count = 1;
  for (const Index extent : array.shape) {
    demand(extent >= 0);
    count *= extent;
  }
  demand(static_cast<std::size_t>(count) == array.values.size());
}

template <class Read>
int run(const std::uint8_t* data, std::size_t size, Read read) {
  try {
    read(std::as_bytes(std::span(data, size)), std::string_view(reinterpret_cast<const char*>(data), size));
  } catch (const BadFile& refused) {
    demand(std::string_view(refused.what()).starts_with("input: "));
  }
  return 0;
}

}  // namespace gossan::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
