// Gives back the instruction set that a test changed.
#pragma once

#include <string>
#include <vector>

#include "gossan/linalg.hpp"

namespace gossan {

class SimdGuard {
 public:
  SimdGuard() = default;
  ~SimdGuard() { set_simd_level(before_); }
  SimdGuard(const SimdGuard&) = delete;
  SimdGuard& operator=(const SimdGuard&) = delete;
  const std::vector<std::string>& levels() const { return levels_; }  // all of this machine, whatever is in use

 private:
  std::string before_ = simd_level();
  std::vector<std::string> levels_ = simd_levels();
};

}  // namespace gossan
