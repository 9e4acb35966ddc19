// Loads and stores of the first entries of a vector, which touch no memory beyond them. For kernel files, after highway.h; seen
// once for every instruction set.
#include "gossan/matrix.hpp"

#if defined(GOSSAN_TAILS_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef GOSSAN_TAILS_INL
#undef GOSSAN_TAILS_INL
#else
#define GOSSAN_TAILS_INL
#endif

HWY_BEFORE_NAMESPACE();
namespace gossan {
namespace HWY_NAMESPACE {

// The entries from `count` on are 0.
template <class D, class T>
HWY_INLINE hwy::HWY_NAMESPACE::Vec<D> load_first(D d, const T* from, Index count) {
  namespace hn = hwy::HWY_NAMESPACE;
  constexpr Index all = static_cast<Index>(hn::MaxLanes(D()));
  if (count >= all) return hn::LoadU(d, from);
#if HWY_ARCH_X86 && HWY_TARGET <= HWY_AVX2
  return hn::MaskedLoad(hn::FirstN(d, static_cast<std::size_t>(count)), d, from);  // faults on no entry beyond the mask
#else
  HWY_ALIGN T entries[all] = {};
  for (Index e = 0; e < count; ++e) entries[e] = from[e];
  return hn::Load(d, entries);
#endif
}

template <class D, class T>
HWY_INLINE void store_first(D d, hwy::HWY_NAMESPACE::Vec<D> v, T* to, Index count) {
  namespace hn = hwy::HWY_NAMESPACE;
  if (count >= static_cast<Index>(hn::MaxLanes(D())))
    hn::StoreU(v, d, to);
  else
    hn::BlendedStore(v, hn::FirstN(d, static_cast<std::size_t>(count)), d, to);
}

}  // namespace HWY_NAMESPACE
}  // namespace gossan
HWY_AFTER_NAMESPACE();

#endif
