#include "io/numbers.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <limits>
#include <stdexcept>

namespace gossan {
namespace {

using Kind = NumberType::Kind;

struct Half {
  std::uint16_t bits;
  explicit operator double() const { return Eigen::half_impl::half_to_float(Eigen::half_impl::raw_uint16_to_half(bits)); }
};
struct Bool {
  std::uint8_t bits;
  explicit operator double() const { return bits != 0 ? 1.0 : 0.0; }
};

template <class T, bool swapped>
struct Load {
  double operator()(const std::byte* from) const {
    std::array<std::byte, sizeof(T)> raw;
    std::memcpy(raw.data(), from, sizeof(T));
    if constexpr (swapped) std::reverse(raw.begin(), raw.end());
    return static_cast<double>(std::bit_cast<T>(raw));
  }
};

template <class Loader>
std::vector<double> in_c_order(const std::byte* data, Index size, Index count, Loader load) {
  std::vector<double> values(static_cast<std::size_t>(count));
  for (double& value : values) {
    value = load(data);
    data += size;
  }
  return values;
}

// Fills the result in C order while an odometer over its indices keeps the place in the source.
template <class Loader>
std::vector<double> from_fortran_order(const std::byte* data, Index size, Index count, std::span<const Index> shape,
                                       Loader load) {
  std::vector<double> values(static_cast<std::size_t>(count));
  const std::size_t rank = shape.size();
  std::vector<Index> stride(rank), index(rank, 0);
  Index step = size;
  for (std::size_t k = 0; k < rank && count > 0; ++k) {
    stride[k] = step;
    step *= shape[k];
  }
  Index place = 0;
  for (double& value : values) {
    value = load(data + place);
    for (std::size_t k = rank; k-- > 0;) {
      place += stride[k];
      if (++index[k] < shape[k]) break;
      place -= stride[k] * shape[k];
      index[k] = 0;
    }
  }
  return values;
}

template <class T>
std::vector<double> decode_as(const std::byte* data, bool swapped, std::span<const Index> shape, bool fortran_order) {
  const auto size = static_cast<Index>(sizeof(T));
  const Index count = element_count(shape, size).value();
  const auto with = [&](auto load) {
    return fortran_order && shape.size() > 1 ? from_fortran_order(data, size, count, shape, load)
                                             : in_c_order(data, size, count, load);
  };
  return swapped ? with(Load<T, true>{}) : with(Load<T, false>{});
}

// Number k ends no later in the result than number k + 1 begins in the source, so none is overwritten before it is read.
template <class T>
void spread(std::span<double> values, bool swapped) {
  const auto* from = reinterpret_cast<const std::byte*>(values.data() + values.size()) - values.size() * sizeof(T);
  const auto with = [&](auto load) {
    for (double& value : values) {
      value = load(from);
      from += sizeof(T);
    }
  };
  swapped ? with(Load<T, true>{}) : with(Load<T, false>{});
}

struct Decoder {
  Kind kind;
  Index size;
  std::vector<double> (*decode)(const std::byte*, bool, std::span<const Index>, bool);
  void (*spread)(std::span<double>, bool);
};

template <class T>
constexpr Decoder decoder(Kind kind) {
  return {kind, sizeof(T), decode_as<T>, spread<T>};
}

const Decoder& decoder_of(NumberType type) {
  static constexpr std::array decoders{
      decoder<Half>(Kind::Float),
      decoder<float>(Kind::Float),
      decoder<double>(Kind::Float),
      decoder<Bool>(Kind::Bool),
      decoder<std::int8_t>(Kind::Signed),
      decoder<std::int16_t>(Kind::Signed),
      decoder<std::int32_t>(Kind::Signed),
      decoder<std::int64_t>(Kind::Signed),
      decoder<std::uint8_t>(Kind::Unsigned),
      decoder<std::uint16_t>(Kind::Unsigned),
      decoder<std::uint32_t>(Kind::Unsigned),
      decoder<std::uint64_t>(Kind::Unsigned),
  };
  for (const Decoder& each : decoders)
    if (each.kind == type.kind && each.size == type.size) return each;
  throw std::invalid_argument("decode: no such number type");
}

}  // namespace

std::optional<Index> element_count(std::span<const Index> shape, Index item_size) {
  Index bytes = item_size;
  bool empty = false;
  for (const Index extent : shape) {
    if (extent < 0) return std::nullopt;
    if (extent == 0)
      empty = true;
    else if (bytes > std::numeric_limits<Index>::max() / extent)
      return std::nullopt;
    else
      bytes *= extent;
  }
  return empty ? 0 : bytes / item_size;
}

std::vector<double> decode(const std::byte* data, NumberType type, std::span<const Index> shape, bool fortran_order) {
  return decoder_of(type).decode(data, type.swapped, shape, fortran_order);
}

void decode_in_place(std::span<double> values, NumberType type) { decoder_of(type).spread(values, type.swapped); }

}  // namespace gossan
