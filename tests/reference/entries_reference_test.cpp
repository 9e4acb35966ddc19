// Operators whose measurements are entries of the matrix, sampled or all: against the obvious loop over the entries, with every
// instruction set of this machine, in both precisions, at sizes that leave tails everywhere and reach several panels and parts.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <mutex>
#include <numeric>
#include <stdexcept>
#include <string>

#include "gossan/linalg.hpp"
#include "gossan/operators.hpp"
#include "gossan/random.hpp"
#include "simd_guard.hpp"
#include "threads_guard.hpp"

namespace gossan {
namespace {

struct Places {
  std::vector<Index> i, j;
};

Places draw(Index n, Index rows, Index cols) {
  const Random random(11, static_cast<std::uint64_t>(n));
  Places places;
  for (Index e = 0; e < n; ++e) {
    places.i.push_back(random.below(2 * e, rows));
    places.j.push_back(random.below(2 * e + 1, cols));
  }
  return places;
}

Places all(Index rows, Index cols) {
  Places places;
  for (Index i = 0; i < rows; ++i)
    for (Index j = 0; j < cols; ++j) {
      places.i.push_back(i);
      places.j.push_back(j);
    }
  return places;
}

template <class Real>
Real weight(Real z) {
  return std::sin(z) + static_cast<Real>(0.1);
}

struct Swept {
  std::vector<double> z;  // in the order of the sweeps
  Matrix GL, GR;
  bool operator==(const Swept& other) const { return z == other.z && GL == other.GL && GR == other.GR; }
};

Swept sweep(const Operator& A, const Matrix& L, const Matrix& R, bool rough) {
  Swept swept;
  swept.z.resize(static_cast<std::size_t>(A.measurements()));
  const auto judge = [&]<class Real>(Index first, std::span<Real> z) {
    std::copy(z.begin(), z.end(), swept.z.begin() + first);
    for (Real& each : z) each = weight(each);
  };
  const auto exact = [&](Index first, std::span<double> z) { judge(first, z); };
  const auto single = [&](Index first, std::span<float> z) { judge(first, z); };
  A.sweep(L, R, rough ? Judge(exact, single) : Judge(exact), &swept.GL, &swept.GR);
  return swept;
}

struct Wanted {
  Swept swept;
  double size = 1;  // of the largest sum of a gradient: of the absolute values of what is summed
};

Wanted slow_sweep(const Places& places, const Matrix& L, const Matrix& R) {
  Wanted wanted{{{}, Matrix::Zero(L.rows(), L.cols()), Matrix::Zero(R.rows(), R.cols())}};
  Matrix left = wanted.swept.GL, right = wanted.swept.GR;
  for (std::size_t e = 0; e < places.i.size(); ++e) {
    const Index i = places.i[e], j = places.j[e];
    double z = 0;
    for (Index k = 0; k < L.cols(); ++k) z += L(i, k) * R(j, k);
    wanted.swept.z.push_back(z);
    for (Index k = 0; k < L.cols(); ++k) {
      wanted.swept.GL(i, k) += weight(z) * R(j, k);
      wanted.swept.GR(j, k) += weight(z) * L(i, k);
      left(i, k) += std::abs(weight(z) * R(j, k));
      right(j, k) += std::abs(weight(z) * L(i, k));
    }
  }
  wanted.size = std::max({wanted.size, left.maxCoeff(), right.maxCoeff()});
  return wanted;
}

void expect_same(const Operator& A, const Places& places, const Matrix& L, const Matrix& R) {
  SCOPED_TRACE(testing::Message() << places.i.size() << " of " << A.rows() << " x " << A.cols() << ", rank " << L.cols());
  const SimdGuard simd;
  const auto [wanted, size] = slow_sweep(places, L, R);
  const std::vector<double> z = to_sweep_order(A, wanted.z);
  const double largest =
      1 + std::abs(*std::max_element(z.begin(), z.end(), [](double a, double b) { return std::abs(a) < std::abs(b); }));
  for (const std::string& level : simd.levels()) {
    set_simd_level(level);
    for (const bool rough : {false, true}) {
      const double tolerance = rough ? 1e-5 : 1e-13;
      const Swept swept = sweep(A, L, R, rough);
      double worst = 0;
      for (std::size_t e = 0; e < z.size(); ++e) worst = std::max(worst, std::abs(swept.z[e] - z[e]));
      EXPECT_LE(worst, tolerance * largest) << level << (rough ? " rough" : "");
      EXPECT_LE((swept.GL - wanted.GL).cwiseAbs().maxCoeff(), tolerance * size) << level << (rough ? " rough" : "");
      EXPECT_LE((swept.GR - wanted.GR).cwiseAbs().maxCoeff(), tolerance * size) << level << (rough ? " rough" : "");
      if (rough) continue;
      std::vector<double> predicted(z.size());
      predict(A, L, R, predicted);
      EXPECT_EQ(to_sweep_order(A, predicted), swept.z) << level;
    }
  }
}

Matrix factor(Index rows, Index rank, std::uint64_t stream) { return normal_matrix(rows, rank, Random(12, stream)); }

struct Size {
  Index rows, cols;
};

TEST(EntriesSweep, AgreesAtAwkwardSizes) {
  for (const auto [rows, cols] : {Size{1, 1}, {1, 7}, {7, 1}, {3, 2}, {17, 17}, {65, 64}})
    for (const Index n : {1, 2, 3, 17, 64, 65, 200})
      for (const Index rank : {1, 3, 17}) {
        const Places places = draw(n, rows, cols);
        expect_same(*entries(rows, cols, places.i, places.j), places, factor(rows, rank, 0), factor(cols, rank, 1));
      }
}

TEST(EntriesSweep, AgreesOverManyPanelsChunksAndBlocks) {
  for (const auto [rows, cols] : {Size{1, 5000}, {5000, 1}, {40, 3000}, {3000, 40}, {1300, 1250}, {2300, 2200}})
    for (const Index rank : {2, 10, 33}) {
      const Places places = draw(9001, rows, cols);
      expect_same(*entries(rows, cols, places.i, places.j), places, factor(rows, rank, 2), factor(cols, rank, 3));
    }
  const Places dense = draw(60001, 1100, 1090);  // several panels only where they are well filled
  expect_same(*entries(1100, 1090, dense.i, dense.j), dense, factor(1100, 6, 4), factor(1090, 6, 5));
}

TEST(EntriesSweep, AgreesWhereRowsAreWiderThanThePanelsIndices) {
  const Places places = draw(3001, 70000, 150000);
  expect_same(*entries(70000, 150000, places.i, places.j), places, factor(70000, 3, 6), factor(150000, 3, 7));
}

TEST(EntriesSweep, TheCallersOrderLeavesNoTrace) {
  for (const auto [rows, cols] : {Size{70, 30}, {1100, 1090}}) {
    Places places;  // distinct
    const Random random(13, 0);
    for (Index e = 0; e < rows * cols; ++e) {
      if (random.below(e, rows * cols) >= 40000) continue;
      places.i.push_back(e / cols);
      places.j.push_back(e % cols);
    }
    const Matrix L = factor(rows, 5, 8), R = factor(cols, 5, 9);
    const auto sorted = entries(rows, cols, places.i, places.j);
    const std::size_t n = places.i.size();
    for (std::size_t step : {std::size_t{7919}, n - 1}) {  // prime, and backwards
      ASSERT_EQ(std::gcd(step, n), 1U);
      Places shuffled;
      for (std::size_t e = 0; e < n; ++e) {
        shuffled.i.push_back(places.i[e * step % n]);
        shuffled.j.push_back(places.j[e * step % n]);
      }
      const auto other = entries(rows, cols, shuffled.i, shuffled.j);
      for (const bool rough : {false, true}) EXPECT_TRUE(sweep(*other, L, R, rough) == sweep(*sorted, L, R, rough));
      for (std::size_t e = 0; e < n; ++e) EXPECT_EQ(other->order()[e] * step % n, sorted->order()[e]);
    }
  }
}

TEST(EntriesSweep, RepeatedEntriesAreSeparateMeasurements) {
  const auto A = entries(3, 4, {1, 1, 2, 1, 1}, {2, 2, 0, 2, 2});
  EXPECT_EQ(A->measurements(), 5);
  Matrix GL, GR;
  adjoint_times(*A, std::vector<double>{1, 2, 100, 4, 8}, Matrix::Ones(3, 1), Matrix::Ones(4, 1), GL, GR);
  EXPECT_EQ(GL, (Matrix(3, 1) << 0, 15, 100).finished());
  EXPECT_EQ(GR, (Matrix(4, 1) << 100, 0, 15, 0).finished());
  const Index n = 5001;  // one run, longer than a block
  const auto B = entries(2, 2, std::vector<Index>(n, 1), std::vector<Index>(n, 0));
  adjoint_times(*B, std::vector<double>(n, 1.0), Matrix::Ones(2, 1), Matrix::Ones(2, 1), GL, GR);
  EXPECT_EQ(GL, (Matrix(2, 1) << 0, n).finished());
}

TEST(EntriesSweep, SaysWhatItKeeps) {
  const Places places = draw(20000, 300, 200);
  const auto A = entries(300, 200, places.i, places.j);
  const auto* kept = dynamic_cast<const Footprint*>(A.get());
  ASSERT_NE(kept, nullptr);
  EXPECT_GE(kept->bytes(), 6 * 20000);
  EXPECT_LE(kept->bytes(), 7 * 20000);
}

TEST(FullSweep, AgreesAtAwkwardSizes) {
  for (const auto [rows, cols] : {Size{1, 1}, {1, 7}, {7, 1}, {3, 2}, {17, 5}, {17, 17}, {65, 64}, {64, 65}, {200, 67}})
    for (const Index rank : {1, 2, 6, 14}) {
      const auto A = full(rows, cols);
      EXPECT_TRUE(A->order().empty());
      expect_same(*A, all(rows, cols), factor(rows, rank, 10), factor(cols, rank, 11));
    }
}

TEST(FullSweep, AgreesOverManyTiles) {
  for (const auto [rows, cols] : {Size{1, 5000}, {5000, 1}, {12000, 3}, {21, 1090}, {1090, 21}, {1300, 1027}, {130, 1027}})
    for (const Index rank : {1, 10})
      expect_same(*full(rows, cols), all(rows, cols), factor(rows, rank, 12), factor(cols, rank, 13));
}

// Too many entries for the loop above: predictions are looked at where they are made, and all weights are 1.
TEST(FullSweep, AgreesWhereRowsAreLongerThanATile) {
  constexpr Index rows = 4101, cols = 4099;
  const auto A = full(rows, cols);
  const Matrix L = factor(rows, 2, 20), R = factor(cols, 2, 21);
  for (const bool rough : {false, true}) {
    const double tolerance = rough ? 1e-5 : 1e-13;
    std::atomic<Index> wrong{0}, judged{0};
    const auto judge = [&]<class Real>(Index first, std::span<Real> z) {
      Index misses = 0;
      for (std::size_t e = 0; e < z.size(); ++e) {
        const Index i = (first + static_cast<Index>(e)) / cols, j = (first + static_cast<Index>(e)) % cols;
        misses += std::abs(static_cast<double>(z[e]) - L(i, 0) * R(j, 0) - L(i, 1) * R(j, 1)) > 10 * tolerance;
        z[e] = 1;
      }
      wrong += misses;
      judged += static_cast<Index>(z.size());
    };
    const auto exact = [&](Index first, std::span<double> z) { judge(first, z); };
    const auto single = [&](Index first, std::span<float> z) { judge(first, z); };
    Matrix GL, GR;
    A->sweep(L, R, rough ? Judge(exact, single) : Judge(exact), &GL, &GR);
    EXPECT_EQ(wrong, 0);
    EXPECT_EQ(judged, rows * cols);
    EXPECT_LE((GL.rowwise() - R.colwise().sum()).cwiseAbs().maxCoeff(), tolerance * rows);
    EXPECT_LE((GR.rowwise() - L.colwise().sum()).cwiseAbs().maxCoeff(), tolerance * rows);
  }
}

TEST(FullSweep, RefusesShapesThatAreNone) {
  EXPECT_THROW(full(0, 3), std::invalid_argument);
  EXPECT_THROW(full(3, -1), std::invalid_argument);
  EXPECT_THROW(full(Index{1} << 40, Index{1} << 40), std::invalid_argument);
  const OperatorRow* row = nullptr;
  for (const OperatorRow& each : operators())
    if (each.name == "full") row = &each;
  ASSERT_NE(row, nullptr);
  const std::vector<double> natural = {0, 0, 0, 1, 1, 0, 1, 1}, swapped = {0, 0, 1, 0, 0, 1, 1, 1}, partial = {0, 0, 0, 1, 1, 0};
  EXPECT_EQ(row->make(std::vector<Index>{4, 2}, natural, 0, 2)->measurements(), 4);
  EXPECT_THROW(row->make(std::vector<Index>{4, 2}, natural, 4, 1), std::invalid_argument);
  EXPECT_THROW(row->make(std::vector<Index>{4, 2}, swapped, 0, 0), std::invalid_argument);
  EXPECT_THROW(row->make(std::vector<Index>{3, 2}, partial, 0, 0), std::invalid_argument);
}

// Of many shapes: what the laws ask of the small samples, and the same bits on any number of threads.
std::vector<std::unique_ptr<Operator>> many() {
  std::vector<std::unique_ptr<Operator>> operators;
  for (const Index n : {1023, 1024, 1025, 1026, 1027, 4097, 4099, 8195, 30003}) {
    for (const auto [rows, cols] : {Size{3, 2}, {90, 80}, {80, 90}, {1300, 1150}}) {
      const Places places = draw(n, rows, cols);
      operators.push_back(entries(rows, cols, places.i, places.j));
    }
    std::vector<Index> i(static_cast<std::size_t>(n)), j(static_cast<std::size_t>(n));  // a full first row, then one entry each
    for (Index e = 0; e < n; ++e) i[static_cast<std::size_t>(e)] = std::max<Index>(0, e - 1021);
    operators.push_back(entries(n, 3, i, j));
  }
  for (const auto [rows, cols] : {Size{1, 1}, {9001, 1}, {1, 9001}, {40003, 1}, {70, 65}, {65, 66}, {1030, 1029}, {3, 1025}})
    operators.push_back(full(rows, cols));
  return operators;
}

TEST(EntrySweeps, JudgeEveryMeasurementOnceInBlocksOfAGranuleOrMore) {
  for (const auto& A : many()) {
    const Index n = A->measurements();
    SCOPED_TRACE(testing::Message() << n << " of " << A->rows() << " x " << A->cols());
    const Matrix L = factor(A->rows(), 1, 14), R = factor(A->cols(), 1, 15);
    for (const bool rough : {false, true}) {
      std::vector<int> judged(static_cast<std::size_t>(n));
      std::mutex mutex;
      const auto mark = [&](Index first, std::size_t count) {
        const std::lock_guard lock(mutex);
        const Index last = first + static_cast<Index>(count);
        EXPECT_TRUE(last == n || last - first >= Operator::granule) << first << " to " << last;
        for (Index e = first; e < last; ++e) ++judged[static_cast<std::size_t>(e)];
      };
      const auto exact = [&](Index first, std::span<double> z) { mark(first, z.size()); };
      const auto single = [&](Index first, std::span<float> z) { mark(first, z.size()); };
      A->sweep(L, R, rough ? Judge(exact, single) : Judge(exact), nullptr, nullptr);
      EXPECT_EQ(std::count(judged.begin(), judged.end(), 1), n);
    }
  }
}

TEST(EntrySweeps, TheSameBitsOnAnyNumberOfThreads) {
  const ThreadsGuard threads;
  for (const auto& A : many()) {
    const Matrix L = factor(A->rows(), 3, 16), R = factor(A->cols(), 3, 17);
    for (const bool rough : {false, true}) {
      set_threads(1);
      const Swept alone = sweep(*A, L, R, rough);
      for (const int count : {2, 3}) {
        set_threads(count);
        EXPECT_TRUE(sweep(*A, L, R, rough) == alone) << A->measurements() << " of " << A->rows() << " x " << A->cols();
      }
    }
  }
}

}  // namespace
}  // namespace gossan
