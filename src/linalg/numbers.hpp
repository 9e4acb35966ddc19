// The number types that measurement data may be stored in, beside double and float, and how they are rounded to.
#pragma once

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>

namespace gossan {

struct Half {  // IEEE binary16
  std::uint16_t bits;
};
struct BFloat {  // the upper half of a binary32
  std::uint16_t bits;
};
struct Biased {  // a whole number from -127 to 127, plus 128
  std::uint8_t bits;
};

// A number rounded to the nearest that T holds, ties to even. held: false where it is too large for T, or no whole number and T
// holds such alone.
template <class T>
struct Rounded {
  T stored;
  bool held;
};

inline double value_of(double stored) { return stored; }
inline double value_of(float stored) { return static_cast<double>(stored); }
// Half's exponent is 112 less than float's; the product is exact and makes subnormal numbers normal.
inline double value_of(Half stored) {
  const float magnitude = std::bit_cast<float>((stored.bits & 0x7fffu) << 13) * 0x1p112f;
  return static_cast<double>((stored.bits & 0x8000u) != 0 ? -magnitude : magnitude);
}
inline double value_of(BFloat stored) { return static_cast<double>(std::bit_cast<float>(std::uint32_t{stored.bits} << 16)); }
inline double value_of(Biased stored) { return static_cast<double>(int{stored.bits} - 128); }

inline Rounded<double> round_to(double x, double /*type*/) { return {x, true}; }
inline Rounded<float> round_to(double x, float /*type*/) {
  constexpr double overflow = 0x1.ffffffp127;  // halfway from the largest to what would be the next
  return std::abs(x) < overflow ? Rounded<float>{static_cast<float>(x), true} : Rounded<float>{0, false};
}
inline Rounded<Half> round_to(double x, Half /*type*/) {
  if (!(std::abs(x) < 65520.0)) return {{0}, false};
  const auto bits = std::bit_cast<std::uint32_t>(static_cast<float>(x));
  const std::uint32_t sign = (bits >> 16) & 0x8000u, magnitude = bits & 0x7fffffffu;
  std::uint32_t half = 0;
  if (magnitude < 0x38800000u) {  // below 2^-14: the addition of 1/2 rounds to multiples of 2^-24
    half = std::bit_cast<std::uint32_t>(std::bit_cast<float>(magnitude) + 0.5f) - 0x3f000000u;
  } else {
    half = (magnitude - 0x38000000u + 0xfffu + ((magnitude >> 13) & 1u)) >> 13;
  }
  return {{static_cast<std::uint16_t>(sign | half)}, true};
}
inline Rounded<BFloat> round_to(double x, BFloat /*type*/) {
  constexpr double overflow = 0x1.ffp127;
  if (!(std::abs(x) < overflow)) return {{0}, false};
  const auto bits = std::bit_cast<std::uint32_t>(static_cast<float>(x));
  return {{static_cast<std::uint16_t>((bits + 0x7fffu + ((bits >> 16) & 1u)) >> 16)}, true};
}
inline Rounded<Biased> round_to(double x, Biased /*type*/) {
  if (!(std::abs(x) <= 127.0) || x != std::nearbyint(x)) return {{0}, false};
  return {{static_cast<std::uint8_t>(static_cast<int>(x) + 128)}, true};
}

}  // namespace gossan
