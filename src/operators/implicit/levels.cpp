// The ensemble `gaussian-table`: entry e of a measurement is the level that byte e mod 16 of its block e / 16 chooses.
#include "operators/implicit/ensemble.hpp"

namespace gossan {
namespace {

constexpr Index rows = 32;  // a block of a matrix 100 x 100 stays in a core's own cache

class Levels final : public Ensemble {
 public:
  Levels(const BitStream& stream, Index entries) : stream_(stream), entries_(rounded_up(entries, 256)) {}

  Index entries() const override { return entries_; }
  Index block() const override { return rows; }
  Index drawn_bytes() const override { return rows * entries_; }

  void row(Index i, std::span<double> values) const override {
    BitBlock bits{};
    for (std::size_t e = 0; e < values.size(); ++e) {
      if (e % 16 == 0) bits = bit_block(stream_, static_cast<std::uint64_t>(i), static_cast<std::uint32_t>(e / 16));
      values[e] = gaussian_level_unit * gaussian_level(static_cast<std::uint8_t>(bits[e / 4 % 4] >> (8 * (e % 4))));
    }
  }

  void lay_out(Unknown& x, bool rough) const override { level_layout(x.M.data(), entries_, x.largest, rough, x.levels); }

  void draw(Index first, std::uint8_t* drawn) const override {
    for (Index i = 0; i < rows; i += level_granule, drawn += level_granule * entries_) {
      bit_rows(stream_, static_cast<std::uint64_t>(first + i), level_granule, entries_ / 16, drawn);
      level_draw(drawn, level_granule, entries_);
    }
  }

  void predict(const std::uint8_t* drawn, const Unknown& x, bool rough, double* z) const override {
    level_predict(drawn, rows, entries_, x.levels, rough, z);
    for (Index i = 0; i < rows; ++i) z[i] *= gaussian_level_unit;
  }

  bool count(const std::uint8_t* drawn, const std::int8_t* signs, IntegerSums& sums) const override {
    level_count(drawn, rows, entries_, signs, sums.sum.data());
    return true;
  }

  void collect(const IntegerSums& sums, double* S) const override {
    level_sums(sums.sum.data(), entries_, gaussian_level_unit * sums.weight, S);
  }

  void add(const std::uint8_t* drawn, const double* w, double* S) const override {
    double scaled[rows];
    for (Index i = 0; i < rows; ++i) scaled[i] = gaussian_level_unit * w[i];
    level_add(drawn, rows, entries_, scaled, S);
  }

 private:
  BitStream stream_;
  Index entries_;
};

}  // namespace

std::unique_ptr<Ensemble> level_ensemble(const BitStream& stream, Index entries) {
  return std::make_unique<Levels>(stream, entries);
}

}  // namespace gossan
