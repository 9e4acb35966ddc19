#include "fuzz.hpp"
#include "gossan/apply.hpp"

using namespace gossan;

namespace {

void look_at(const LowRankModel& model) {
  fuzz::demand(model.V.rows() > 0 && model.V.cols() > 0 && model.V.allFinite());
  fuzz::demand(model.moments.rows() == model.V.rows() && model.cut >= 0 && model.outlier_share < 1);
  fuzz::demand(model.col_unit.size() == model.V.rows() && (model.col_unit.array() > 0).all());
}

// A rating of each of two columns by a new row, fitted and taken in.
void look_at(const RatingsModel& model) {
  fuzz::demand(std::ssize(model.row_ids) == model.rows && std::ssize(model.col_ids) == model.cols);
  Ratings data{model.rows + 1, model.cols, {model.rows}, {0}, {model.least}};
  if (model.cols > 1) data.i.push_back(model.rows), data.j.push_back(1), data.value.push_back(model.most);
  const AppliedRatings applied = apply(model, data);
  fuzz::demand(applied.model.rows == data.rows && applied.flags.outliers.size() == data.value.size());
  fuzz::demand(fold_in(model, data, applied).cols == model.cols);
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return fuzz::run(data, size,
                   [](auto bytes, auto) { std::visit([](const auto& model) { look_at(model); }, parse_model(bytes, "input")); });
}
