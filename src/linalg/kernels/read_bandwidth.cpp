#include "linalg/kernels/read_bandwidth.hpp"

#include <hwy/highway.h>

#include "linalg/kernels/simd.hpp"

HWY_BEFORE_NAMESPACE();
namespace gossan {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// Four vectors at a time, each with a chain of its own: the loop is then bound by its loads alone.
std::uint64_t Read(const std::uint64_t* HWY_RESTRICT words, std::size_t count) {
  const hn::ScalableTag<std::uint64_t> d;
  const std::size_t lanes = hn::Lanes(d);
  auto a = hn::Zero(d), b = a, c = a, e = a;
  std::size_t k = 0;
  for (; k + 4 * lanes <= count; k += 4 * lanes) {
    a = hn::Xor(a, hn::LoadU(d, words + k));
    b = hn::Xor(b, hn::LoadU(d, words + k + lanes));
    c = hn::Xor(c, hn::LoadU(d, words + k + 2 * lanes));
    e = hn::Xor(e, hn::LoadU(d, words + k + 3 * lanes));
  }
  HWY_ALIGN std::uint64_t lane[HWY_MAX_BYTES / sizeof(std::uint64_t)];
  hn::Store(hn::Xor(hn::Xor(a, b), hn::Xor(c, e)), d, lane);
  std::uint64_t all = 0;
  for (std::size_t l = 0; l < lanes; ++l) all ^= lane[l];
  for (; k < count; ++k) all ^= words[k];
  return all;
}

}  // namespace HWY_NAMESPACE
}  // namespace gossan
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace gossan {

HWY_EXPORT(Read);

std::uint64_t read_words(const std::uint64_t* words, std::size_t count) { return GOSSAN_DISPATCH(Read)(words, count); }

}  // namespace gossan
#endif
