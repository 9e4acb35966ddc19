#include <algorithm>
#include <stdexcept>

#include "gossan/trajectory.hpp"

namespace gossan {
namespace {

// |X - target|_F^2 along a run on these measurements.
std::vector<double> risks(const Descend& descend, Model& model, std::span<const double> y, const Matrix& target, Index every,
                          std::vector<Index>& k) {
  std::vector<double> risk;
  k.clear();
  descend(y, [&](const Iterate& at) -> std::optional<Status> {
    if (!is_recorded(at.k, every)) return std::nullopt;
    const Factors X = model.factors(*at.theta);
    risk.push_back((X.L * X.R.transpose() - target).squaredNorm());
    k.push_back(at.k);
    return std::nullopt;
  });
  return risk;
}

}  // namespace

ExcessRisk three_run(const Descend& descend, Model& model, const Matrix& truth, std::span<const double> signal,
                     std::span<const double> noise, Index every) {
  if (signal.size() != noise.size()) {
    throw std::invalid_argument("three_run: noise has " + std::to_string(noise.size()) +
                                " values, expected one for each of the " + std::to_string(signal.size()) + " measurements");
  }
  std::vector<double> both(signal.begin(), signal.end());
  for (std::size_t e = 0; e < both.size(); ++e) both[e] += noise[e];

  ExcessRisk curves;
  std::vector<Index> of_signal, of_noise;
  curves.risk = risks(descend, model, both, truth, every, curves.k);
  curves.bias = risks(descend, model, signal, truth, every, of_signal);
  curves.variance = risks(descend, model, noise, Matrix::Zero(truth.rows(), truth.cols()), every, of_noise);
  const std::size_t common = std::min({curves.k.size(), of_signal.size(), of_noise.size()});
  curves.k.resize(common);
  for (std::vector<double>* each : {&curves.risk, &curves.bias, &curves.variance}) each->resize(common);
  return curves;
}

}  // namespace gossan
