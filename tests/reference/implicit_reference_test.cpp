// Implicit measurements against the obvious loops over the entries of ensemble_row: every ensemble, generator and instruction
// set.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <stdexcept>

#include "gossan/linalg.hpp"
#include "gossan/operators.hpp"
#include "gossan/random.hpp"
#include "reference/slow.hpp"
#include "simd_guard.hpp"
#include "threads_guard.hpp"

namespace gossan {
namespace {

struct Case {
  std::string ensemble, generator;
};
void PrintTo(const Case& each, std::ostream* out) { *out << each.ensemble << " by " << each.generator; }

const std::vector<Case> cases = [] {
  std::vector<Case> all;
  for (const std::string& ensemble : ensemble_names())
    for (const char* generator : {"philox", "ars"}) all.push_back({ensemble, generator});
  return all;
}();

ImplicitOptions options_of(const Case& each, Index n, Index rows, Index cols, bool symmetric) {
  ImplicitOptions options;
  options.ensemble = each.ensemble;
  options.generator = each.generator;
  options.seed = 0x123456789abcdef;
  options.measurements = n;
  options.rows = rows;
  options.cols = cols;
  options.symmetric = symmetric;
  return options;
}

Matrix rows_of(const ImplicitOptions& options) {
  const Index d = options.rows * options.cols;
  Matrix A(options.measurements, d);
  for (Index i = 0; i < A.rows(); ++i) ensemble_row(options, i, std::span(A.row(i).data(), static_cast<std::size_t>(d)));
  return A;
}

// What a loss makes of a prediction: general weights, or those of the absolute loss, some of them 0.
double smooth(double z) { return std::sin(z) + 0.1; }
double sign(double z) { return std::abs(z) < 0.5 ? 0.0 : std::copysign(0.25, z); }
using Weight = double (*)(double);

struct Swept {
  Vector z;
  Matrix GL, GR;
};

Swept swept(const Operator& A, const Matrix& L, const Matrix& R, Weight weight, bool rough) {
  Swept out{Vector(A.measurements()), {}, {}};
  const auto exact_judge = [&](Index first, std::span<double> z) {
    for (std::size_t e = 0; e < z.size(); ++e) {
      out.z(first + static_cast<Index>(e)) = z[e];
      z[e] = weight(z[e]);
    }
  };
  const auto rough_judge = [&](Index first, std::span<float> z) {
    for (std::size_t e = 0; e < z.size(); ++e) {
      out.z(first + static_cast<Index>(e)) = z[e];
      z[e] = static_cast<float>(weight(z[e]));
    }
  };
  if (rough)
    A.sweep(L, R, Judge(exact_judge, rough_judge), &out.GL, &out.GR);
  else
    A.sweep(L, R, exact_judge, &out.GL, &out.GR);
  return out;
}

// The adjoint is judged by the weights of the sweep's own predictions: one that is a hair from a jump may fall on either side.
void expect_same(const Operator& A, const Matrix& rows, const Matrix& L, const Matrix& R, Weight weight, bool rough) {
  const Swept fast = swept(A, L, R, weight, rough);
  const Index wide = A.cols();
  const auto entry = [&](Index e, Index a, Index b) { return rows(e, a * wide + b); };
  const Matrix X = L * R.transpose();
  const Vector z = rows * Eigen::Map<const Vector>(X.data(), X.size());
  const double scale = X.norm() * (rough ? 4e-6 : 1e-13) + 1e-300;
  ASSERT_LE((fast.z - z).cwiseAbs().maxCoeff(), 4 * scale);
  Index at = 0;
  const auto own = [&](double) { return rough ? double(static_cast<float>(weight(fast.z(at++)))) : weight(fast.z(at++)); };
  const slow::Swept wanted = slow::sweep(A.measurements(), entry, L, R, own);
  const double tolerance = 1e-13 * static_cast<double>(A.rows() * A.cols() + A.measurements());
  ASSERT_LE((fast.GL - wanted.GL).cwiseAbs().maxCoeff(), tolerance);
  ASSERT_LE((fast.GR - wanted.GR).cwiseAbs().maxCoeff(), tolerance);
}

class ImplicitReference : public testing::TestWithParam<Case> {};

TEST_P(ImplicitReference, AgreesAtAwkwardSizesOnEveryLevel) {
  const SimdGuard guard;
  struct Size {
    Index rows, cols, rank;
    bool symmetric;
  };
  for (const auto& [rows, cols, rank, symmetric] :
       {Size{1, 1, 1, false}, Size{1, 1, 1, true}, Size{1, 7, 3, false}, Size{3, 2, 2, false}, Size{17, 17, 2, true},
        Size{17, 5, 3, false}, Size{65, 64, 2, false}, Size{64, 64, 2, true}, Size{23, 23, 30, true}}) {
    const Matrix L = normal_matrix(rows, rank, Random(1, 1)), R = normal_matrix(cols, rank, Random(1, 2));
    for (const Index n : {1, 2, 3, 17, 64, 65, 200, 300}) {
      const ImplicitOptions options = options_of(GetParam(), n, rows, cols, symmetric);
      const auto A = implicit(options);
      const Matrix data = rows_of(options);
      for (const auto& level : guard.levels()) {
        set_simd_level(level);
        for (const bool rough : {false, true})
          for (const Weight weight : {Weight{smooth}, Weight{sign}}) {
            SCOPED_TRACE(testing::Message() << level << ": " << n << " of " << rows << " x " << cols
                                            << (symmetric ? " symmetric" : "") << (rough ? " rough" : " exact")
                                            << (weight == sign ? " signs" : ""));
            expect_same(*A, data, L, R, weight, rough);
          }
        if (HasFatalFailure()) return;
      }
    }
  }
}

TEST_P(ImplicitReference, AgreesOverManyParts) {
  const ImplicitOptions options = options_of(GetParam(), 3001, 9, 9, true);
  const auto A = implicit(options);
  const Matrix data = rows_of(options);
  const Matrix L = normal_matrix(9, 2, Random(2, 1)), R = normal_matrix(9, 2, Random(2, 2));
  for (const Weight weight : {Weight{smooth}, Weight{sign}}) expect_same(*A, data, L, R, weight, false);
}

INSTANTIATE_TEST_SUITE_P(Ensembles, ImplicitReference, testing::ValuesIn(cases), [](const auto& each) {
  std::string name = each.param.ensemble + "_" + each.param.generator;
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
});

bool operator==(const Swept& a, const Swept& b) { return a.z == b.z && a.GL == b.GL && a.GR == b.GR; }

TEST_P(ImplicitReference, TheSameBitsOnAnyNumberOfThreads) {
  const ThreadsGuard threads_guard;
  const SimdGuard guard;
  const auto A = implicit(options_of(GetParam(), 5003, 13, 11, false));
  const Matrix L = normal_matrix(13, 2, Random(3, 1)), R = normal_matrix(11, 2, Random(3, 2));
  for (const auto& level : guard.levels()) {
    set_simd_level(level);
    for (const bool rough : {false, true})
      for (const Weight weight : {Weight{smooth}, Weight{sign}}) {
        set_threads(1);
        const Swept serial = swept(*A, L, R, weight, rough);
        for (const int count : {2, 3}) {
          set_threads(count);
          EXPECT_TRUE(swept(*A, L, R, weight, rough) == serial) << level << " " << count << " threads";
        }
      }
  }
}

// Weights change their size from block to block, vanish, and are not finite.
TEST_P(ImplicitReference, WeightsOfAllKinds) {
  const ImplicitOptions options = options_of(GetParam(), 1100, 5, 4, false);
  const auto A = implicit(options);
  const Matrix data = rows_of(options);
  std::vector<double> w(1100);
  for (std::size_t i = 0; i < w.size(); ++i) w[i] = (i % 3 == 0 ? -1 : i % 3 == 1 ? 0 : 1) * (i < 300 ? 0.5 : i < 700 ? 2 : 0);
  const Vector wanted = data.transpose() * Eigen::Map<const Vector>(w.data(), 1100);
  const Matrix S = whole_adjoint(*A, w);
  EXPECT_LE((Eigen::Map<const Vector>(S.data(), 20) - wanted).cwiseAbs().maxCoeff(), 1e-10);
  w[777] = std::numeric_limits<double>::infinity();
  EXPECT_FALSE(whole_adjoint(*A, w).allFinite());
}

TEST_P(ImplicitReference, AnUnknownThatIsNotFiniteHasNoPredictions) {
  const auto A = implicit(options_of(GetParam(), 7, 3, 3, true));
  Matrix L = Matrix::Ones(3, 1);
  L(1, 0) = std::numeric_limits<double>::infinity();
  std::vector<double> z(7);
  predict(*A, L, Matrix::Ones(3, 1), z);
  for (const double each : z) EXPECT_TRUE(std::isnan(each));
  predict(*A, Matrix::Zero(3, 1), L, z);
  for (const double each : z) EXPECT_TRUE(std::isnan(each));
}

TEST_P(ImplicitReference, SizeOfTheUnknownDoesNotMatter) {
  const SimdGuard guard;
  const ImplicitOptions options = options_of(GetParam(), 70, 4, 3, false);
  const auto A = implicit(options);
  const Matrix data = rows_of(options);
  const Matrix R = normal_matrix(3, 2, Random(4, 2));
  for (const auto& level : guard.levels())
    for (const double size : {0.0, 1e-300, 1e-30, 1e30, 1e290}) {
      set_simd_level(level);
      const Matrix L = size * normal_matrix(4, 2, Random(4, 1));
      const Matrix X = L * R.transpose();
      std::vector<double> z(70);
      predict(*A, L, R, z);
      const Vector wanted = data * Eigen::Map<const Vector>(X.data(), 12);
      EXPECT_LE((Eigen::Map<const Vector>(z.data(), 70) - wanted).cwiseAbs().maxCoeff(), 1e-12 * X.stableNorm() + 1e-306)
          << level << " " << size;
    }
}

TEST(Implicit, RowsDoNotDependOnTheNumberOfMeasurements) {
  for (const Case& each : cases) {
    const Matrix few = rows_of(options_of(each, 5, 6, 6, true)), many = rows_of(options_of(each, 50, 6, 6, true));
    EXPECT_EQ(few, many.topRows(5));
    const Eigen::Map<const Matrix> A(many.row(3).data(), 6, 6);
    EXPECT_EQ(A, A.transpose());
  }
}

TEST(Implicit, RefusesOptionsThatAreNone) {
  const auto refused = [](auto change) {
    ImplicitOptions options = options_of(cases[0], 5, 4, 4, true);
    change(options);
    EXPECT_THROW(implicit(options), std::invalid_argument);
  };
  refused([](ImplicitOptions& o) { o.ensemble = "uniform"; });
  refused([](ImplicitOptions& o) { o.generator = "mt19937"; });
  refused([](ImplicitOptions& o) { o.measurements = 0; });
  refused([](ImplicitOptions& o) { o.rows = -4; });
  refused([](ImplicitOptions& o) { o.cols = 3; });
  refused([](ImplicitOptions& o) { o.rows = o.cols = 100'000; });
  std::vector<double> row(15);
  EXPECT_THROW(ensemble_row(options_of(cases[0], 5, 4, 4, true), 0, row), std::invalid_argument);
  row.resize(16);
  EXPECT_THROW(ensemble_row(options_of(cases[0], 5, 4, 4, true), 5, row), std::invalid_argument);
}

}  // namespace
}  // namespace gossan
