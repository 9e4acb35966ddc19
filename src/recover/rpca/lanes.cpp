#include "recover/rpca/lanes.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "gossan/linalg.hpp"
#include "recover/shared/packed.hpp"

namespace gossan::robust_pca {
namespace {

constexpr double nothing = std::numeric_limits<double>::quiet_NaN();

// What one thread needs for a tile of problems in r unknowns.
struct FitSpace {
  explicit FitSpace(Index r) {
    N.resize(packed_size(r) * fit_lanes);
    b.resize(r * fit_lanes);
    x.resize(r * fit_lanes);
    next.resize(r * fit_lanes);
  }
  AlignedArray<double> N, b, x, next;
};

// Whether every lane's x has moved by no more than this share of its own size: one lane's end is not for another to say.
bool lanes_at_rest(const double* x, const double* next, Index r, double settled) {
  for (Index lane = 0; lane < fit_lanes; ++lane) {
    double change = 0, size = 0;
    for (Index k = lane; k < r * fit_lanes; k += fit_lanes) {
      change = std::max(change, std::abs(next[k] - x[k]));
      size = std::max(size, std::abs(next[k]));
    }
    if (change > settled * size) return false;
  }
  return true;
}

// A tile of problems that are regressed on the same factor.
struct Regressions {
  LaneFit fit;
  const double* pairs;  // of the factor's columns
  Index first, count;   // problems
};

// solve(tile, space) leaves the tile's answers in space.x, of which nothing is set before; a row of the result a problem.
template <class Solve>
Matrix regress_each(const Lanes& table, const Matrix& F, const Solve& solve) {
  Blocked factor, pairs;
  factor.set(F);
  pairs.set_pairs(factor);
  Matrix found(table.problems(), F.cols());
  table.each_tile([&](const Lanes::Tile& tile) {
    FitSpace space(F.cols());
    solve(Regressions{{table.blocks(), F.cols(), tile.y, factor.data()}, pairs.data(), tile.first, tile.count}, space);
    from_lanes(space.x.data(), tile.first, tile.count, found);
  });
  return found;
}

}  // namespace

void Blocked::set(const Matrix& F) {
  blocks_ = block_count(F.rows(), fit_lanes);
  cols_ = F.cols();
  double* out = values_.resize(blocks_ * cols_ * fit_lanes);
  for (Index b = 0; b < blocks_; ++b)
    for (Index p = 0; p < cols_; ++p)
      for (Index k = 0; k < fit_lanes; ++k) {
        const Index row = b * fit_lanes + k;
        *out++ = row < F.rows() ? F(row, p) : 0.0;
      }
}

void Blocked::set_pairs(const Blocked& F) {
  blocks_ = F.blocks_;
  cols_ = packed_size(F.cols_);
  double* out = values_.resize(blocks_ * cols_ * fit_lanes);
  for (Index b = 0; b < blocks_; ++b) {
    const double* from = F.data() + b * F.cols_ * fit_lanes;
    for (Index p = 0; p < F.cols_; ++p)
      for (Index q = 0; q <= p; ++q)
        for (Index k = 0; k < fit_lanes; ++k) *out++ = from[p * fit_lanes + k] * from[q * fit_lanes + k];
  }
}

Lanes::Lanes(Index problems, Index equations)
    : problems_(problems), equations_(equations), y_(std::make_shared<AlignedArray<double>>()) {
  const Index size = tiles() * blocks() * square;
  std::fill_n(y_->resize(size), size, nothing);
}

Lanes Lanes::turned() const {
  Lanes other = *this;
  std::swap(other.problems_, other.equations_);
  other.turned_ = !turned_;
  return other;
}

// In place, or put together from squares that lie a row of tiles apart.
const double* Lanes::tile(Index t) const {
  if (!turned_) return y_->data() + t * blocks() * square;
  static thread_local AlignedArray<double> space;
  double* out = space.resize(blocks() * square);
  for (Index b = 0; b < blocks(); ++b, out += square) {
    const double* from = y_->data() + (b * tiles() + t) * square;
    for (Index i = 0; i < fit_lanes; ++i)
      for (Index j = 0; j < fit_lanes; ++j) out[i * fit_lanes + j] = from[j * fit_lanes + i];
  }
  return space.data();
}

void Lanes::each_tile(function_ref<void(const Tile&)> body) const {
  // A block of a loop is some ten thousand entries: enough to be worth handing out.
  constexpr Index entries = 16384;
  const Index together = std::max<Index>(1, entries / (blocks() * square));
  parallel_blocks(tiles(), together, [&](Index, Index first, Index last) {
    for (Index t = first; t < last; ++t) body({tile(t), t * fit_lanes, std::min(fit_lanes, problems_ - t * fit_lanes)});
  });
}

void to_lanes(const Matrix& rows, Index first, Index count, double* x) {
  for (Index p = 0; p < rows.cols(); ++p)
    for (Index lane = 0; lane < fit_lanes; ++lane) x[p * fit_lanes + lane] = lane < count ? rows(first + lane, p) : 0.0;
}

void from_lanes(const double* x, Index first, Index count, Matrix& rows) {
  for (Index lane = 0; lane < count; ++lane)
    for (Index p = 0; p < rows.cols(); ++p) rows(first + lane, p) = x[p * fit_lanes + lane];
}

Matrix half_step(const Lanes& table, const Matrix& F, const Matrix& current, const HalfStep& step) {
  return regress_each(table, F, [&](const Regressions& on, FitSpace& space) {
    alignas(64) double bound[fit_lanes], ridge[fit_lanes];
    std::fill_n(bound, fit_lanes, step.bound);
    std::fill_n(ridge, fit_lanes, step.ridge);
    if (step.weight != LaneWeight::all) to_lanes(current, on.first, on.count, space.x.data());
    lane_normals(on.fit, step.weight, bound, space.x.data(), on.pairs, space.N.data(), space.b.data());
    lane_solve(on.fit.r, space.N.data(), space.b.data(), ridge, space.x.data());
  });
}

Matrix least_absolute(const Lanes& table, const Matrix& F, const std::vector<double>& scale, Index sweeps) {
  constexpr double fall = 0.7, least = 1e-9, settled = 1e-14;
  constexpr double smooth = 1e-5;  // above it weights may all be 1 still, and a sweep that moves nothing no end
  const Index r = F.cols();
  return regress_each(table, F, [&](const Regressions& on, FitSpace& space) {
    alignas(64) double bound[fit_lanes], ridge[fit_lanes] = {};
    std::fill_n(bound, fit_lanes, 1.0);
    lane_normals(on.fit, LaneWeight::all, bound, space.x.data(), on.pairs, space.N.data(), space.b.data());
    lane_solve(r, space.N.data(), space.b.data(), ridge, space.x.data());
    double share = 1;
    for (Index sweep = 0; sweep < sweeps; ++sweep, share = std::max(least, fall * share)) {
      for (Index lane = 0; lane < on.count; ++lane) bound[lane] = share * scale[static_cast<std::size_t>(on.first + lane)];
      lane_normals(on.fit, LaneWeight::huber, bound, space.x.data(), on.pairs, space.N.data(), space.b.data());
      lane_solve(r, space.N.data(), space.b.data(), ridge, space.next.data());
      const bool at_rest = lanes_at_rest(space.x.data(), space.next.data(), r, settled);
      std::copy_n(space.next.data(), r * fit_lanes, space.x.data());
      if (share <= smooth && at_rest) break;
    }
  });
}

Matrix clipped_product(const Lanes& table, const Matrix& F, const Matrix& X, double bound, const Matrix& V, double* squares) {
  Blocked factor, thin;
  factor.set(F);
  thin.set(V);
  Matrix found(table.problems(), V.cols());
  std::vector<double> parts(static_cast<std::size_t>(table.tiles()));
  table.each_tile([&](const Lanes::Tile& tile) {
    const auto [y, first, count] = tile;
    AlignedArray<double> x, out;
    to_lanes(X, first, count, x.resize((X.cols() + 1) * fit_lanes));
    out.resize(V.cols() * fit_lanes);
    const LaneFit fit{table.blocks(), F.cols(), y, factor.data()};
    parts[static_cast<std::size_t>(first / fit_lanes)] = lane_clipped(fit, bound, x.data(), V.cols(), thin.data(), out.data());
    from_lanes(out.data(), first, count, found);
  });
  if (squares != nullptr) {
    *squares = 0;
    for (const double each : parts) *squares += each;
  }
  return found;
}

std::vector<Index> count_within(const Lanes& table, const Matrix& F, const Matrix& X, double bound) {
  Blocked factor;
  factor.set(F);
  std::vector<Index> counts(static_cast<std::size_t>(table.problems()));
  table.each_tile([&](const Lanes::Tile& tile) {
    const auto [y, first, count] = tile;
    AlignedArray<double> x, residual;
    to_lanes(X, first, count, x.resize((X.cols() + 1) * fit_lanes));
    const Index size = table.blocks() * fit_lanes * fit_lanes;
    residual.resize(size);
    lane_residuals({table.blocks(), F.cols(), y, factor.data()}, x.data(), residual.data());
    Index within[fit_lanes] = {};
    for (Index e = 0; e < size; e += fit_lanes)
      for (Index lane = 0; lane < fit_lanes; ++lane) within[lane] += std::abs(residual.data()[e + lane]) <= bound ? 1 : 0;
    for (Index lane = 0; lane < count; ++lane) counts[static_cast<std::size_t>(first + lane)] = within[lane];
  });
  return counts;
}

}  // namespace gossan::robust_pca
