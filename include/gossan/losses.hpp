// Losses on residuals r = prediction - measurement, summed over measurements (objectives divide by their number).
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "gossan/table.hpp"

namespace gossan {

class Loss {
 public:
  virtual ~Loss() = default;
  // sum_e loss(r_e); weight_e = a sub-derivative at r_e, 0 at r_e = 0. weight may be the memory of r itself. Pure: called by
  // several threads at once.
  virtual double value(std::span<const double> r, std::span<double> weight) const = 0;
  virtual double value(std::span<const float> r, std::span<float> weight) const = 0;
  // All that a sweep asks of a block of predictions, in one pass: with r_e = z_e - y_e, or 0 where y_e is NaN (held out), z_e
  // becomes scale times the weight; returns the sum of the losses. By value(), unless a loss has something faster.
  virtual double judge(std::span<double> z, std::span<const double> y, double scale) const;
  virtual double judge(std::span<float> z, std::span<const double> y, double scale) const;
};

// Optional talent of losses with a second derivative but at single residuals.
class Smooth {
 public:
  virtual ~Smooth() = default;
  virtual double curvature(double r) const = 0;
};

struct HuberOptions {
  double delta = 1.0;  // where the quadratic turns linear, in units of y
  Fields fields();
};
std::unique_ptr<Loss> absolute();                   // |r|
std::unique_ptr<Loss> squared();                    // r^2 / 2
std::unique_ptr<Loss> huber(HuberOptions options);  // r^2 / 2 inside delta, delta (|r| - delta / 2) outside

const std::vector<Row<std::unique_ptr<Loss>>>& losses();

}  // namespace gossan
