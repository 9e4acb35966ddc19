// Which of the compiled instruction sets the kernels use.
#include "linalg/kernels/simd.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <hwy/highway.h>
#include <hwy/targets.h>

#include <cstdint>
#include <cstdlib>
#include <stdexcept>

#include "gossan/linalg.hpp"

namespace gossan {
namespace {

struct Level {
  const char* name;
  std::int64_t target;
};

// Best first. The last is what the compiler may assume of every machine.
constexpr Level levels[] = {
#if HWY_ARCH_X86
    {"avx512-vnni", HWY_AVX3_DL},
    {"avx512", HWY_AVX3},
    {"avx2", HWY_AVX2},
#endif
#if HWY_ARCH_ARM
    {"sve2", HWY_SVE2},
    {"sve", HWY_SVE},
    {"neon", HWY_NEON},
#endif
    {"scalar", HWY_STATIC_TARGET},
};

bool runs_here(const Level& level) {
  return level.target == HWY_STATIC_TARGET || (hwy::SupportedTargets() & HWY_TARGETS & level.target) != 0;
}

void use(std::string_view name, const char* who) {
  const std::int64_t allowed = hwy::SupportedTargets();
  hwy::DisableTargets(0);  // all that the machine has
  std::int64_t better = 0;
  for (const Level& level : levels) {
    if (level.name == name && runs_here(level)) {
      hwy::DisableTargets(better);
      hwy::GetChosenTarget().Update(hwy::SupportedTargets());
      return;
    }
    better |= level.target;
  }
  const std::string known = fmt::format("{}", fmt::join(simd_levels(), ", "));
  hwy::DisableTargets(~allowed);
  throw std::invalid_argument(
      fmt::format("{}: '{}' is no instruction set of this machine, expected one of {}", who, name, known));
}

}  // namespace

void simd_ready() {
  static const bool heeded = [] {
    const char* wish = std::getenv("GOSSAN_SIMD");  // NOLINT(concurrency-mt-unsafe): read once, never written
    if (wish != nullptr && *wish != '\0') use(wish, "environment variable GOSSAN_SIMD");
    return true;
  }();
  (void)heeded;
  if (!hwy::GetChosenTarget().IsInitialized()) hwy::GetChosenTarget().Update(hwy::SupportedTargets());
}

std::vector<std::string> simd_levels() {
  std::vector<std::string> names;
  for (const Level& level : levels) {
    if (runs_here(level)) names.emplace_back(level.name);
  }
  return names;
}

std::string simd_level() {
  simd_ready();
  for (const Level& level : levels) {
    if (runs_here(level)) return level.name;
  }
  return levels[std::size(levels) - 1].name;
}

void set_simd_level(std::string_view level) {
  simd_ready();
  use(level, "set_simd_level");
}

}  // namespace gossan
