// The ensemble `rademacher`: entry e of a measurement is bit e mod 128 of its block e / 128, 1 for +1 and 0 for -1.
#include <array>

#include "linalg/kernels/sign_rows.hpp"
#include "operators/implicit/ensemble.hpp"

namespace gossan {
namespace {

class Signs final : public Ensemble {
 public:
  Signs(const BitStream& stream, Index entries) : stream_(stream), blocks_((entries + 127) / 128) {}

  Index entries() const override { return 128 * blocks_; }
  Index block() const override { return sign_lanes; }
  Index drawn_bytes() const override { return 16 * blocks_ * sign_lanes; }

  void row(Index i, std::span<double> values) const override {
    BitBlock bits{};
    for (std::size_t e = 0; e < values.size(); ++e) {
      if (e % 128 == 0) bits = bit_block(stream_, static_cast<std::uint64_t>(i), static_cast<std::uint32_t>(e / 128));
      values[e] = (bits[e / 32 % 4] >> (e % 32) & 1) != 0 ? 1 : -1;
    }
  }

  void lay_out(Unknown& x, bool rough) const override {
    const auto numbers = static_cast<std::size_t>(4 * blocks_ * sign_table_per_word);
    if (rough) {
      x.rough_table.resize(numbers);
      sign_table(x.M.data(), 4 * blocks_, x.rough_table.data());
    } else {
      x.exact_table.resize(2 * numbers);
      x.unit = sign_unit(x.largest);
      sign_table(x.M.data(), 4 * blocks_, x.unit, x.exact_table.data());
    }
  }

  void draw(Index first, std::uint8_t* drawn) const override {
    bit_columns(stream_, static_cast<std::uint64_t>(first), sign_lanes, blocks_, reinterpret_cast<std::uint32_t*>(drawn));
  }

  void predict(const std::uint8_t* drawn, const Unknown& x, bool rough, double* z) const override {
    if (rough) {
      std::array<float, sign_lanes> single{};
      sign_predict(words(drawn), 4 * blocks_, x.rough_table.data(), single.data());
      std::copy(single.begin(), single.end(), z);
    } else {
      sign_predict(words(drawn), 4 * blocks_, x.unit, x.exact_table.data(), z);
    }
  }

  bool count(const std::uint8_t* drawn, const std::int8_t* signs, IntegerSums& sums) const override {
    alignas(64) std::array<std::uint32_t, sign_lanes> flip, keep;
    for (std::size_t m = 0; m < flip.size(); ++m) {
      flip[m] = signs[m] < 0 ? ~0U : 0U;
      keep[m] = signs[m] != 0 ? ~0U : 0U;
      sums.nonzero += signs[m] != 0;
    }
    sign_count(words(drawn), 4 * blocks_, flip.data(), keep.data(), sums.sum.data());
    return true;
  }

  // Of the measurements with weight, sum_e count +1 and all others -1.
  void collect(const IntegerSums& sums, double* S) const override {
    for (Index e = 0; e < entries(); ++e)
      S[e] += sums.weight * static_cast<double>(2 * std::int64_t{sums.sum[static_cast<std::size_t>(e)]} - sums.nonzero);
  }

  void add(const std::uint8_t* drawn, const double* w, double* S) const override { sign_add(words(drawn), 4 * blocks_, w, S); }

 private:
  static const std::uint32_t* words(const std::uint8_t* drawn) { return reinterpret_cast<const std::uint32_t*>(drawn); }

  BitStream stream_;
  Index blocks_;  // of 128 bits, of one measurement
};

}  // namespace

std::unique_ptr<Ensemble> sign_ensemble(const BitStream& stream, Index entries) {
  return std::make_unique<Signs>(stream, entries);
}

}  // namespace gossan
