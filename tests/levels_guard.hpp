// Gives back the instruction set that a test changed.
#pragma once

#include <string>
#include <vector>

#include "gossan/linalg.hpp"

namespace gossan {

class LevelsGuard {
 public:
  LevelsGuard() = default;
  ~LevelsGuard() { set_simd_level(before_); }
  LevelsGuard(const LevelsGuard&) = delete;
  LevelsGuard& operator=(const LevelsGuard&) = delete;
  const std::vector<std::string>& levels() const { return levels_; }  // all that this machine has, whatever is in use

 private:
  std::string before_ = simd_level();
  std::vector<std::string> levels_ = simd_levels();
};

}  // namespace gossan
