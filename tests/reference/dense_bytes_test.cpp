// Whole numbers in bytes, whose sums are integers on some machines: weights of one size, of several and of all sizes, over more
// rows than one sum holds, and factors that are not finite.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>

#include "gossan/linalg.hpp"
#include "gossan/operators.hpp"
#include "gossan/random.hpp"
#include "simd_guard.hpp"
#include "threads_guard.hpp"

namespace gossan {
namespace {

// Up to the ends of the range.
Matrix whole_numbers(Index n, Index d) { return (90 * normal_matrix(n, d, Random(1, 0))).array().round().max(-127).min(127); }

std::unique_ptr<Operator> bytes(const Matrix& data, Index rows, Index cols) {
  const ReadRows read = [&data](Index first, std::span<double> out) {
    std::copy_n(data.data() + first * data.cols(), out.size(), out.begin());
  };
  return dense(read, data.rows(), rows, cols, {.storage = Storage::i8});
}

using Weights = double (*)(Index e);
double of_one_size(Index e) { return e % 7 == 0 ? 0.0 : e % 3 == 0 ? 0.25 : -0.25; }
double all_positive(Index) { return 3; }
double of_two_sizes(Index e) { return e < 100 ? of_one_size(e) : 3 * of_one_size(e); }
double of_all_sizes(Index e) { return std::sin(static_cast<double>(e)); }
double now_and_then_of_all_sizes(Index e) { return e / 32 % 2 == 0 ? of_one_size(e) : of_all_sizes(e); }
double mostly_zero(Index e) { return e % 50 == 49 ? 1.5 : 0.0; }

struct Case {
  const char* name;
  Weights weights;
  double tolerance;  // relative to the largest sum; doubles of powers of two, times integers, are exact on machines with VNNI
};
constexpr double exact = 1e-13, single = 1e-6;
constexpr Case cases[] = {
    {"of one size", of_one_size, exact},    {"all positive", all_positive, exact},        {"of two sizes", of_two_sizes, exact},
    {"of all sizes", of_all_sizes, single}, {"mixed", now_and_then_of_all_sizes, single}, {"mostly zero", mostly_zero, exact},
};

Matrix obvious_adjoint(const Matrix& data, Index rows, Index cols, Weights weights) {
  Vector w(data.rows());
  for (Index e = 0; e < w.size(); ++e) w(e) = weights(e);
  const Vector sum = data.transpose() * w;
  return Eigen::Map<const Matrix>(sum.data(), rows, cols);
}

void expect_adjoint(const Matrix& data, Index rows, Index cols, const Case& each, bool integers) {
  SCOPED_TRACE(std::to_string(data.rows()) + " weights " + each.name);
  const auto A = bytes(data, rows, cols);
  const auto& whole = dynamic_cast<const WholeAdjoint&>(*A);
  const Matrix L = normal_matrix(rows, 2, Random(2, 1)), R = normal_matrix(cols, 2, Random(2, 2));
  const Matrix wanted = obvious_adjoint(data, rows, cols, each.weights);
  const auto weigh = [&](Index first, auto block) {
    for (std::size_t b = 0; b < block.size(); ++b)
      block[b] = static_cast<typename decltype(block)::value_type>(each.weights(first + static_cast<Index>(b)));
  };
  const auto weigh_exact = [&](Index first, std::span<double> z) { weigh(first, z); };
  const auto weigh_rough = [&](Index first, std::span<float> z) { weigh(first, z); };
  const double size = 127 * std::sqrt(static_cast<double>(data.rows())) + wanted.cwiseAbs().maxCoeff();
  for (const Judge& judge : {Judge(weigh_exact), Judge(weigh_exact, weigh_rough)}) {
    Matrix S;
    whole.sweep_whole(L, R, judge, S);
    EXPECT_LE((S - wanted).cwiseAbs().maxCoeff(), (integers ? each.tolerance : single) * size);
  }
}

TEST(DenseBytes, AdjointsOfAnyWeightsOnEveryLevel) {
  const SimdGuard guard;
  for (const auto& level : guard.levels()) {
    set_simd_level(level);
    SCOPED_TRACE(level);
    for (const Case& each : cases) {
      for (const Index n : {1, 2, 3, 5, 8, 9, 17, 64, 65, 127, 128, 129, 200, 700}) {
        expect_adjoint(whole_numbers(n, 9 * 8), 9, 8, each, level == "avx512-vnni");
        expect_adjoint(whole_numbers(n, 13 * 5), 13, 5, each, level == "avx512-vnni");
      }
    }
  }
}

// The largest sums that 16 bits must hold.
TEST(DenseBytes, RowsAtTheEndOfTheRange) {
  for (const double value : {127.0, -127.0}) {
    const Matrix data = Matrix::Constant(1000, 64, value);
    expect_adjoint(data, 8, 8, {"all positive", all_positive, exact}, false);
    const auto A = bytes(data, 8, 8);
    std::vector<double> z(1000);
    predict(*A, Matrix::Ones(8, 1), Matrix::Ones(8, 1), z);
    for (const double each : z) ASSERT_EQ(each, 64 * value);
  }
}

// Rows so long that blocks have but four of them, and entries of M of many sizes.
TEST(DenseBytes, LongRows) {
  constexpr Index d = 260, n = 11;
  const Matrix data = whole_numbers(n, d * d);
  const Matrix L = normal_matrix(d, 1, Random(3, 1)).array().cube(), R = normal_matrix(d, 1, Random(3, 2)).array().cube();
  const Matrix X = L * R.transpose();
  const auto A = bytes(data, d, d);
  const double unit = 64 * static_cast<double>(d) * X.cwiseAbs().maxCoeff();
  const auto check = [&](double tolerance) {
    return [&, tolerance](Index first, auto z) {
      for (std::size_t b = 0; b < z.size(); ++b) {
        const double wanted = data.row(first + static_cast<Index>(b)).dot(Eigen::Map<const Vector>(X.data(), d * d));
        EXPECT_NEAR(static_cast<double>(z[b]), wanted, tolerance * unit);
      }
    };
  };
  const auto exactly = check(0x1p-44), roughly = check(0x1p-20);
  A->sweep(
      L, R, [&](Index first, std::span<double> z) { exactly(first, z); }, nullptr, nullptr);
  const auto unused = [](Index, std::span<double>) { FAIL() << "asked for exact predictions"; };
  const auto rough = [&](Index first, std::span<float> z) { roughly(first, z); };
  A->sweep(L, R, Judge(unused, rough), nullptr, nullptr);
  expect_adjoint(data, d, d, cases[0], false);
}

TEST(DenseBytes, TheSameBitsOnAnyNumberOfThreads) {
  const ThreadsGuard guard;
  const Matrix data = whole_numbers(4000, 40 * 40);
  const auto A = bytes(data, 40, 40);
  const auto& whole = dynamic_cast<const WholeAdjoint&>(*A);
  const Matrix L = normal_matrix(40, 2, Random(4, 1));
  for (const Case& each : cases) {
    const auto weigh = [&](Index first, std::span<double> z) {
      for (std::size_t b = 0; b < z.size(); ++b) z[b] = each.weights(first + static_cast<Index>(b));
    };
    Matrix one, other;
    set_threads(1);
    whole.sweep_whole(L, L, weigh, one);
    for (const int threads : {2, 3}) {
      set_threads(threads);
      whole.sweep_whole(L, L, weigh, other);
      EXPECT_EQ(one, other) << each.name << " on " << threads;
    }
  }
}

TEST(DenseBytes, WhatIsNotFiniteIsNotHidden) {
  const SimdGuard guard;
  const Matrix data = whole_numbers(20, 9);
  const auto A = bytes(data, 3, 3);
  const auto& whole = dynamic_cast<const WholeAdjoint&>(*A);
  for (const auto& level : guard.levels()) {
    set_simd_level(level);
    SCOPED_TRACE(level);
    for (const double bad : {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()}) {
      Matrix L = Matrix::Ones(3, 1), S;
      const Matrix R = L;
      const auto weigh = [&](Index, std::span<double> z) { std::fill(z.begin(), z.end(), bad); };
      whole.sweep_whole(L, R, weigh, S);
      EXPECT_FALSE(S.allFinite());
      L(1, 0) = bad;
      std::vector<double> z(20);
      predict(*A, L, R, z);
      for (const double each : z) EXPECT_FALSE(std::isfinite(each));
    }
  }
}

// A sweep of another precision, level or size of M leaves nothing behind.
TEST(DenseBytes, SweepsAfterOthers) {
  const SimdGuard guard;
  const Matrix data = whole_numbers(150, 15 * 15);
  const auto A = bytes(data, 15, 15);
  const Matrix L = normal_matrix(15, 2, Random(5, 1));
  const auto sign = [](Index, std::span<double> z) {
    for (double& each : z) each = each > 0 ? 1 : -1;
  };
  const auto rough = [](Index, std::span<float> z) {
    for (float& each : z) each = each * 1e-3F;
  };
  Matrix G, G_other, GR;
  A->sweep(L, L, sign, &G, &GR);
  for (const auto& level : guard.levels()) {
    set_simd_level(level);
    A->sweep(1e9 * L, L, Judge(sign, rough), &G_other, &GR);
  }
  set_simd_level(guard.levels().front());
  A->sweep(L, L, sign, &G_other, &GR);
  EXPECT_EQ(G, G_other);
}

}  // namespace
}  // namespace gossan
