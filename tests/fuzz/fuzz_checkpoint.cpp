#include "fuzz.hpp"
#include "gossan/checkpoint.hpp"

using namespace gossan;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return fuzz::run(data, size, [](auto bytes, auto) {
    const Checkpoint checkpoint = parse_checkpoint(bytes, "input");
    for (const auto& [name, value] : checkpoint.problem) fuzz::demand(name.find('\0') == std::string::npos);
    for (const Block& block : checkpoint.state) fuzz::demand(block.value.size() == block.value.rows() * block.value.cols());
  });
}
