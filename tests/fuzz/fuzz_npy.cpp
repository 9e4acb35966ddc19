#include "fuzz.hpp"

using namespace gossan;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return fuzz::run(data, size, [](auto bytes, auto) { fuzz::check(parse_npy(bytes, "input")); });
}
