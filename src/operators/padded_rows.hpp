// Copies of factors as kernels want them: rows padded with zeros to whole vectors, in the kernel's precision.
#pragma once

#include <algorithm>
#include <span>

#include "gossan/linalg.hpp"
#include "linalg/aligned.hpp"

namespace gossan {

constexpr Index padded_block = 256;  // rows that one thread copies at a time

// The least multiple of `lanes` that holds r numbers and is not 0.
inline std::size_t padded(std::size_t r, std::size_t lanes) { return std::max<std::size_t>(1, (r + lanes - 1) / lanes) * lanes; }

template <class Real>
void pad_rows(const Matrix& F, std::size_t stride, AlignedArray<Real>& to) {
  Real* rows = to.resize(static_cast<std::size_t>(F.rows()) * stride);
  const auto r = static_cast<std::size_t>(F.cols());
  parallel_blocks(F.rows(), padded_block, [&](Index, Index first, Index last) {
    for (Index i = first; i < last; ++i) {
      const double* from = F.data() + i * F.cols();
      Real* row = rows + static_cast<std::size_t>(i) * stride;
      for (std::size_t k = 0; k < r; ++k) row[k] = static_cast<Real>(from[k]);
      std::fill(row + r, row + stride, Real{0});
    }
  });
}

// F = the sum of the padded copies, added in their order in double precision.
template <class Real>
void unpad_rows(std::span<const AlignedArray<Real>> copies, std::size_t stride, Matrix& F) {
  const auto r = static_cast<std::size_t>(F.cols());
  parallel_blocks(F.rows(), padded_block, [&](Index, Index first, Index last) {
    for (Index i = first; i < last; ++i) {
      double* to = F.data() + i * F.cols();
      std::fill_n(to, r, 0.0);
      for (const auto& copy : copies) {
        const Real* row = copy.data() + static_cast<std::size_t>(i) * stride;
        for (std::size_t k = 0; k < r; ++k) to[k] += static_cast<double>(row[k]);
      }
    }
  });
}

}  // namespace gossan
