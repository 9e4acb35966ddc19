// Gives back the instruction set that a test changed.
#pragma once

#include <string>

#include "gossan/linalg.hpp"

namespace gossan {

class SimdGuard {
 public:
  SimdGuard() = default;
  ~SimdGuard() { set_simd_level(before_); }
  SimdGuard(const SimdGuard&) = delete;
  SimdGuard& operator=(const SimdGuard&) = delete;

 private:
  std::string before_ = simd_level();
};

}  // namespace gossan
