// Reading, checking, packing and rounding of measurement matrices, in parallel.
#include "operators/dense_storage.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cmath>
#include <exception>
#include <limits>
#include <stdexcept>
#include <type_traits>
#include <utility>
#include <vector>

#include "gossan/linalg.hpp"
#include "operators/dense_bytes.hpp"

namespace gossan {
namespace {

constexpr Index read_bytes = Index{1} << 18;  // of doubles that a thread reads at a time

// Calls work(first, last) for blocks of matrices. The first exception, in the order of the data, is thrown when all have ended.
template <class Work>
void in_parallel(Index n, Index whole, const Work& work) {
  const Index block = std::max<Index>(1, read_bytes / (whole * Index{sizeof(double)}));
  std::vector<std::exception_ptr> failures(static_cast<std::size_t>(block_count(n, block)));
  parallel_blocks(n, block, [&](Index b, Index first, Index last) {
    try {
      work(first, last);
    } catch (...) {
      failures[static_cast<std::size_t>(b)] = std::current_exception();
    }
  });
  for (const auto& failure : failures) {
    if (failure) std::rethrow_exception(failure);
  }
}

void check_finite(std::span<const double> matrices, Index first_matrix, Index whole) {
  // 0 x is 0 for finite x and NaN for all others.
  if ((Eigen::Map<const Vector>(matrices.data(), static_cast<Index>(matrices.size())) * 0.0).sum() == 0) return;
  const auto bad = std::find_if(matrices.begin(), matrices.end(), [](double a) { return !std::isfinite(a); });
  const Index at = bad - matrices.begin();
  throw std::invalid_argument(
      fmt::format("dense: entry {} of matrix {} is {}, expected a finite number", at % whole, first_matrix + at / whole, *bad));
}

// The numbers that are stored of a matrix. Halves are added, not sums halved, which might overflow.
void pack(const double* matrix, const RowShape& shape, double* packed) {
  const Index d = shape.rows;
  for (Index i = 0; i < d; ++i) {
    *packed++ = matrix[i * d + i];
    for (Index j = i + 1; j < d; ++j) *packed++ = 0.5 * matrix[i * d + j] + 0.5 * matrix[j * d + i];
  }
}

// Where in the row-major matrix the k-th stored number is.
Index entry_of(Index k, const RowShape& shape) {
  if (!shape.symmetric) return k;
  Index i = 0;
  while (k >= shape.rows - i) k -= shape.rows - i++;
  return i * shape.rows + i + k;
}

template <class T>
void store(const double* numbers, Index matrix, const RowShape& shape, Storage storage, Index length, T* row) {
  const Index count = shape.numbers();
  bool held = true;
  for (Index k = 0; k < count; ++k) {
    const Rounded<T> rounded = round_to(numbers[k], T{});
    row[k] = rounded.stored;
    held = held && rounded.held;
  }
  std::fill(row + count, row + length, round_to(0, T{}).stored);
  if (held) return;
  Index k = 0;
  while (round_to(numbers[k], T{}).held) ++k;
  const Index entry = entry_of(k, shape);
  throw std::invalid_argument(fmt::format("dense: entry {} of matrix {}{} is {}, expected {}", entry, matrix,
                                          shape.symmetric ? ", symmetrised," : "", numbers[k],
                                          storage == Storage::i8 ? "a whole number from -127 to 127, which i8 storage holds"
                                                                 : "a number in the range of " + to_string(storage)));
}

template <class T>
std::unique_ptr<StoredRows> read_as(const ReadRows& read, Index n, const RowShape& shape, Storage storage) {
  constexpr Index unit = row_alignment / Index{sizeof(T)};
  const Index whole = shape.whole(), length = (shape.numbers() + unit - 1) / unit * unit;
  AlignedArray<T> data;
  data.resize(n * length);
  in_parallel(n, whole, [&](Index first, Index last) {
    std::vector<double> matrices(static_cast<std::size_t>((last - first) * whole));
    read(first, matrices);
    check_finite(matrices, first, whole);
    std::vector<double> packed(shape.symmetric ? static_cast<std::size_t>(shape.numbers()) : 0);
    for (Index i = first; i < last; ++i) {
      const double* numbers = matrices.data() + (i - first) * whole;
      if (shape.symmetric) {
        pack(numbers, shape, packed.data());
        numbers = packed.data();
      }
      store(numbers, i, shape, storage, length, data.data() + i * length);
    }
  });
  if constexpr (std::is_same_v<T, Biased>) {
    return byte_rows(std::move(data), n, length);
  } else {
    return stored_rows(std::move(data), n, length);
  }
}

// --- choosing --------------------------------------------------------------------------------------------------------------
// Beyond it, products and sums in single precision might overflow.
constexpr double most_single = 0x1p60;

template <class T>
bool holds(std::span<const double> numbers) {
  bool all = true;
  for (const double x : numbers) {
    const Rounded<T> rounded = round_to(x, T{});
    all = all && rounded.held && value_of(rounded.stored) == x && std::abs(x) <= most_single;
  }
  return all;
}

bool holds(Storage storage, std::span<const double> numbers) {
  switch (storage) {
    case Storage::f64:
      return true;
    case Storage::f32:
      return holds<float>(numbers);
    case Storage::f16:
      return holds<Half>(numbers);
    case Storage::bf16:
      return holds<BFloat>(numbers);
    case Storage::i8:
      return holds<Biased>(numbers);
  }
  return false;
}

}  // namespace

void check_shape(Index n, const RowShape& shape) {
  if (n < 1 || shape.rows < 1 || shape.cols < 1)
    throw std::invalid_argument(
        fmt::format("dense: {} matrices of {} x {}, expected at least one of at least 1 x 1", n, shape.rows, shape.cols));
  if (shape.symmetric && shape.rows != shape.cols)
    throw std::invalid_argument(
        fmt::format("dense: symmetric matrices of {} x {}, expected square ones", shape.rows, shape.cols));
  constexpr Index most = std::numeric_limits<Index>::max() / (2 * row_alignment);
  if (shape.rows > most / shape.cols || n > most / (shape.whole() + row_alignment))
    throw std::invalid_argument(
        fmt::format("dense: {} matrices of {} x {}, expected no more than memory holds", n, shape.rows, shape.cols));
}

void check_all_finite(std::span<const double> A, Index n, const RowShape& shape) {
  const Index whole = shape.whole();
  in_parallel(n, whole, [&](Index first, Index last) {
    check_finite(A.subspan(static_cast<std::size_t>(first * whole), static_cast<std::size_t>((last - first) * whole)), first,
                 whole);
  });
}

std::unique_ptr<StoredRows> read_rows(const ReadRows& read, Index n, const RowShape& shape, Storage storage) {
  switch (storage) {
    case Storage::f64:
      return read_as<double>(read, n, shape, storage);
    case Storage::f32:
      return read_as<float>(read, n, shape, storage);
    case Storage::f16:
      return read_as<Half>(read, n, shape, storage);
    case Storage::bf16:
      return read_as<BFloat>(read, n, shape, storage);
    case Storage::i8:
      return read_as<Biased>(read, n, shape, storage);
  }
  throw std::invalid_argument("dense: the storage is none of those listed");
}

Storage choose_storage(const ReadRows& read, Index n, Index rows, Index cols, bool symmetric) {
  constexpr std::array narrowest_first = {Storage::i8, Storage::f16, Storage::bf16, Storage::f32};
  const RowShape shape{rows, cols, symmetric};
  check_shape(n, shape);
  std::array<std::atomic<bool>, narrowest_first.size()> fits;
  for (auto& each : fits) each = true;
  in_parallel(n, shape.whole(), [&](Index first, Index last) {
    if (std::none_of(fits.begin(), fits.end(), [](const auto& each) { return each.load(); })) return;
    std::vector<double> numbers(static_cast<std::size_t>((last - first) * shape.whole()));
    read(first, numbers);
    std::vector<double> packed(symmetric ? static_cast<std::size_t>((last - first) * shape.numbers()) : 0);
    for (Index i = 0; symmetric && i < last - first; ++i)
      pack(numbers.data() + i * shape.whole(), shape, packed.data() + i * shape.numbers());
    if (symmetric) numbers.swap(packed);
    for (std::size_t s = 0; s < fits.size(); ++s) {
      if (fits[s] && !holds(narrowest_first[s], numbers)) fits[s] = false;
    }
  });
  const auto chosen = std::find(fits.begin(), fits.end(), true);
  return chosen == fits.end() ? Storage::f64 : narrowest_first[static_cast<std::size_t>(chosen - fits.begin())];
}

std::string to_string(Storage storage) {
  switch (storage) {
    case Storage::f64:
      return "f64";
    case Storage::f32:
      return "f32";
    case Storage::f16:
      return "f16";
    case Storage::bf16:
      return "bf16";
    case Storage::i8:
      return "i8";
  }
  return "unknown";
}

}  // namespace gossan
