// Before highway.h: which instruction sets the kernels are compiled for. Only one of a program's several
// compilations of a kernel runs, the best that the machine has or the one that was asked for (set_simd_level).
//
// A kernel file keeps its vector code in namespace gossan::HWY_NAMESPACE and calls it by GOSSAN_DISPATCH(function)(arguments)
// from HWY_ONCE code. The build joins such files (gossan_kernels in CMakeLists.txt) and compiles the whole once for each set.
#pragma once

#define HWY_WANT_AVX3_DL
#define HWY_DISABLED_TARGETS (HWY_SSSE3 | HWY_SSE4)
#ifdef GOSSAN_ONE_LEVEL  // for checks that look at what kernels share, in the plainest of their compilations
#define HWY_COMPILE_ONLY_STATIC
#endif

#define GOSSAN_DISPATCH(function) (::gossan::simd_ready(), HWY_DYNAMIC_DISPATCH(function))

namespace gossan {

// Heeds the environment variable GOSSAN_SIMD once. Throws std::invalid_argument where it names no level of this machine.
void simd_ready();

}  // namespace gossan
