#include "fuzz.hpp"
#include "gossan/apply.hpp"

using namespace gossan;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return fuzz::run(data, size, [](auto bytes, auto) {
    const LowRankModel model = parse_model(bytes, "input");
    fuzz::demand(model.V.rows() > 0 && model.V.cols() > 0 && model.V.allFinite());
    fuzz::demand(model.moments.rows() == model.V.rows() && model.cut >= 0 && model.outlier_share < 1);
  });
}
