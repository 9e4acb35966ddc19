// What the sweeps of an implicit operator need of an ensemble: how a block of measurements is drawn, read and summed. Entries are
// those that are drawn: all of a matrix, or its upper triangle. Arrays over entries are as long as entries() says; what lies
// beyond the last entry is 0 in the unknown and means nothing in the sums.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "gossan/matrix.hpp"
#include "gossan/operators.hpp"
#include "linalg/aligned.hpp"
#include "linalg/kernels/counter_bits.hpp"
#include "linalg/kernels/level_rows.hpp"

namespace gossan {

// The unknown, one number an entry, and the form in which the kernels read it; a sweep uses one of the forms.
struct Unknown {
  AlignedVector<double> M;
  double largest = 0;  // |M|
  double unit = 1;
  LevelForm levels;
  AlignedVector<float> rough_table;
  AlignedVector<std::int32_t> exact_table;
};

// Sums of measurement matrices with weights of one size and either sign, as integers: S = weight * what the ensemble makes of
// them.
struct IntegerSums {
  AlignedVector<std::int32_t> sum;
  double weight = 0;
  std::int64_t nonzero = 0;   // measurements with weight
  std::int64_t measured = 0;  // measurements since the sums were empty
};

class Ensemble {
 public:
  virtual ~Ensemble() = default;
  virtual Index entries() const = 0;
  virtual Index block() const = 0;        // measurements that are drawn and judged together
  virtual Index drawn_bytes() const = 0;  // of a block
  // Entry by entry, by plain code: the definition.
  virtual void row(Index i, std::span<double> values) const = 0;

  virtual void lay_out(Unknown& x, bool rough) const = 0;
  virtual void draw(Index first, std::uint8_t* drawn) const = 0;
  virtual void predict(const std::uint8_t* drawn, const Unknown& x, bool rough, double* z) const = 0;
  // Signs -1, 0 or 1 of a block, whose size is sums.weight. False: the ensemble does not count.
  virtual bool count(const std::uint8_t* drawn, const std::int8_t* signs, IntegerSums& sums) const = 0;
  virtual void collect(const IntegerSums& sums, double* S) const = 0;  // S += sums.weight * sums
  virtual void add(const std::uint8_t* drawn, const double* w, double* S) const = 0;
};

struct EnsembleRow {
  std::string_view name;
  std::uint32_t number;  // of its stream of bits
  std::unique_ptr<Ensemble> (*make)(const BitStream& stream, Index entries);
};
const EnsembleRow& ensemble_row_of(const std::string& name);  // a name that there is

std::unique_ptr<Operator> implicit_operator(std::unique_ptr<Ensemble> ensemble, const ImplicitOptions& options);

// Entry (a, b) of a matrix is drawn as number drawn_row(a) + b. A symmetric one is drawn as its upper triangle, a <= b, its rows
// from the diagonal on one after another.
constexpr Index drawn_row(Index a, Index cols, bool symmetric) { return symmetric ? a * cols - a * (a + 1) / 2 : a * cols; }
constexpr Index drawn_entries(Index rows, Index cols, bool symmetric) { return symmetric ? rows * (rows + 1) / 2 : rows * cols; }

constexpr Index rounded_up(Index n, Index step) { return (n + step - 1) / step * step; }

}  // namespace gossan
