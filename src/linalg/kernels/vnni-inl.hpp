// Inside a kernel file, after highway.h: Highway's level AVX3_DL means a machine with VNNI, but its functions are compiled
// without. GOSSAN_BEFORE_VNNI_NAMESPACE() takes the place of HWY_BEFORE_NAMESPACE() where a kernel uses those instructions.
#undef GOSSAN_BEFORE_VNNI_NAMESPACE
#if HWY_TARGET == HWY_AVX3_DL
#define GOSSAN_BEFORE_VNNI_NAMESPACE() \
  HWY_PUSH_ATTRIBUTES(HWY_TARGET_STR ",avx512vnni") static_assert(true, "for requiring trailing semicolon")
#else
#define GOSSAN_BEFORE_VNNI_NAMESPACE() HWY_BEFORE_NAMESPACE()
#endif
