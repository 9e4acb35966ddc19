#include "fuzz.hpp"

using namespace gossan;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return fuzz::run(data, size, [](auto, auto text) {
    const Triplets entries = parse_mtx(text, "input");
    fuzz::demand(entries.i.size() == entries.value.size() && entries.j.size() == entries.value.size());
    for (std::size_t e = 0; e < entries.value.size(); ++e)
      fuzz::demand(entries.i[e] >= 0 && entries.i[e] < entries.rows && entries.j[e] >= 0 && entries.j[e] < entries.cols);
  });
}
