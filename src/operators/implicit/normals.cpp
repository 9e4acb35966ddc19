// The ensemble `gaussian`: entries 2p and 2p + 1 of a measurement are the normal pair of its words 2p and 2p + 1, in single
// precision.
#include <algorithm>
#include <array>

#include "linalg/kernels/normal_rows.hpp"
#include "linalg/kernels/rows.hpp"
#include "operators/implicit/ensemble.hpp"

namespace gossan {
namespace {

constexpr Index rows_at_once = 8;  // a block of a matrix 100 x 100 stays in a core's own cache

class Normals final : public Ensemble {
 public:
  Normals(const BitStream& stream, Index entries) : stream_(stream), entries_(rounded_up(entries, 64)) {}

  Index entries() const override { return entries_; }
  Index block() const override { return rows_at_once; }
  Index drawn_bytes() const override { return rows_at_once * row_bytes(); }

  void row(Index i, std::span<double> values) const override {
    BitBlock bits{};
    for (std::size_t e = 0; e < values.size(); ++e) {
      if (e % 4 == 0) bits = bit_block(stream_, static_cast<std::uint64_t>(i), static_cast<std::uint32_t>(e / 4));
      const std::size_t first = e / 2 * 2 % 4;
      values[e] = static_cast<double>(normal_pair(bits[first], bits[first + 1])[e % 2]);
    }
  }

  void lay_out(Unknown& x, bool rough) const override {
    if (!rough) return;
    x.rough_table.resize(x.M.size());
    std::transform(x.M.begin(), x.M.end(), x.rough_table.begin(), [](double m) { return static_cast<float>(m); });
  }

  void draw(Index first, std::uint8_t* drawn) const override {
    for (Index i = 0; i < rows_at_once; ++i, drawn += row_bytes()) {
      bit_rows(stream_, static_cast<std::uint64_t>(first + i), 1, entries_ / 4, drawn);
      normal_draw(drawn, 1, entries_);
    }
  }

  // Nothing is read ahead: the next block does not exist yet.
  void predict(const std::uint8_t* drawn, const Unknown& x, bool rough, double* z) const override {
    const auto* ahead = reinterpret_cast<const char*>(drawn);
    if (rough) {
      std::array<float, rows_at_once> single;
      row_kernels<float>().rough_dots(numbers(drawn), rows_at_once, entries_, x.rough_table.data(), ahead, single.data());
      std::copy(single.begin(), single.end(), z);
    } else {
      row_kernels<float>().dots(numbers(drawn), rows_at_once, entries_, x.M.data(), ahead, z);
    }
  }

  bool count(const std::uint8_t*, const std::int8_t*, IntegerSums&) const override { return false; }
  void collect(const IntegerSums&, double*) const override {}

  void add(const std::uint8_t* drawn, const double* w, double* S) const override {
    normal_add(numbers(drawn), rows_at_once, entries_, w, S);
  }

 private:
  static const float* numbers(const std::uint8_t* drawn) { return reinterpret_cast<const float*>(drawn); }
  Index row_bytes() const { return entries_ * Index{sizeof(float)}; }

  BitStream stream_;
  Index entries_;
};

}  // namespace

std::unique_ptr<Ensemble> normal_ensemble(const BitStream& stream, Index entries) {
  return std::make_unique<Normals>(stream, entries);
}

}  // namespace gossan
