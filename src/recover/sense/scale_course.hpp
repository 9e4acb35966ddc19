// Where one run of thresholding has been, and what that says of where it goes.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include "gossan/matrix.hpp"

namespace gossan::sensing {

inline constexpr double nothing_left = 1e-10;  // of the first scale: where a run stops

class ScaleCourse {
 public:
  static constexpr Index most_steps = 300;

  explicit ScaleCourse(double first_scale) : first_(first_scale) {}

  void add(double scale, Index rank) {
    scales_.push_back(scale);
    ranks_.push_back(rank);
  }
  void replace_last(double scale) { scales_.back() = scale; }

  // Nothing more is to be gained: all is explained, all is lost, or 30 steps brought no 2 %.
  bool at_end() const {
    constexpr std::size_t patience = 30, first_steps = 60;
    constexpr double lost = 50, gain = 0.98;
    if (scales_.back() <= nothing_left * first_ || scales_.back() > lost * first_ || !std::isfinite(scales_.back())) return true;
    return scales_.size() > first_steps &&
           least(scales_.size() - patience, scales_.size()) > gain * least(0, scales_.size() - patience);
  }
  // The rank has settled, and the scale either falls steadily from far below its start, or no more.
  bool ready_for_newton(Index last_try) const {
    constexpr std::size_t settled = 6, recent = 10;
    constexpr Index apart = 8;
    const std::size_t k = scales_.size();
    if (k <= recent || static_cast<Index>(k) - last_try < apart) return false;
    if (std::any_of(ranks_.end() - settled, ranks_.end(), [&](Index rank) { return rank != ranks_.back(); })) return false;
    const double now = scales_.back();
    const bool falling = now < 0.2 * first_ && now < 0.9 * scales_[k - settled];
    return falling || least(k - recent, k) > 0.95 * least(0, k - recent);
  }
  Index steps() const { return static_cast<Index>(scales_.size()); }

 private:
  double least(std::size_t first, std::size_t last) const {
    return *std::min_element(scales_.begin() + static_cast<std::ptrdiff_t>(first),
                             scales_.begin() + static_cast<std::ptrdiff_t>(last));
  }
  double first_;
  std::vector<double> scales_;
  std::vector<Index> ranks_;
};

}  // namespace gossan::sensing
