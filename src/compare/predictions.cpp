#include <algorithm>
#include <cmath>

#include "gossan/compare.hpp"
#include "gossan/complete.hpp"

namespace gossan {

Predictions predict_within(const ClipRange& range, const EntryModel& model, std::span<const Index> i, std::span<const Index> j) {
  Predictions all{std::vector<double>(i.size()), std::vector<double>(i.size())};
  predict(model, i, j, all.mean, all.sd);
  for (double& each : all.mean) each = std::clamp(each, range.least, range.most);
  return all;
}

PredictionErrors compare(const Predictions& predictions, std::span<const Index> i, std::span<const Index> j,
                         std::span<const double> value) {
  PredictionErrors errors{.count = std::ssize(value)};
  constexpr double normal_90 = 1.6448536269514722;
  for (std::size_t e = 0; e < value.size(); ++e) {
    const double r = std::abs(value[e] - predictions.mean[e]);
    errors.rmse += r * r;
    errors.mae += r;
    errors.coverage += r <= normal_90 * predictions.sd[e] ? 1 : 0;
    errors.unknown += i[e] < 0 || j[e] < 0 ? 1 : 0;
  }
  const auto n = static_cast<double>(std::max<Index>(errors.count, 1));
  errors.rmse = std::sqrt(errors.rmse / n);
  errors.mae /= n;
  errors.coverage /= n;
  return errors;
}

}  // namespace gossan
