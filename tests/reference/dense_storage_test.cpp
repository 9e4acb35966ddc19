// Dense matrices in every storage, whole and as symmetric parts: against the obvious loops over the stored numbers, with every
// instruction set of this machine, exact and rough, at sizes that leave tails everywhere.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <mutex>
#include <stdexcept>
#include <string>

#include "gossan/linalg.hpp"
#include "gossan/operators.hpp"
#include "gossan/random.hpp"
#include "reference/slow.hpp"
#include "simd_guard.hpp"
#include "threads_guard.hpp"

namespace gossan {
namespace {

constexpr Storage storages[] = {Storage::f64, Storage::f32, Storage::f16, Storage::bf16, Storage::i8};

// Even whole numbers: every storage holds them and their symmetric parts exactly.
Matrix whole_numbers(Index n, Index d) { return (20 * normal_matrix(n, d, Random(1, 0))).array().round().max(-60).min(60) * 2; }

ReadRows rows_of(const Matrix& data) {
  return [&data](Index first, std::span<double> out) { std::copy_n(data.data() + first * data.cols(), out.size(), out.begin()); };
}

double weight(double z) { return std::sin(z) + 0.1; }

struct Case {
  Storage storage;
  bool symmetric;
};
void PrintTo(const Case& each, std::ostream* out) {
  *out << to_string(each.storage) << (each.symmetric ? " symmetric" : " whole");
}

class DenseStorage : public testing::TestWithParam<Case> {
 protected:
  std::unique_ptr<Operator> make(const Matrix& data, Index rows, Index cols) const {
    return dense(rows_of(data), data.rows(), rows, cols, {.storage = GetParam().storage, .symmetric = GetParam().symmetric});
  }
  slow::Entry entry(const Matrix& data, Index cols) const {
    return [&data, cols, symmetric = GetParam().symmetric](Index e, Index a, Index b) {
      const double whole = data(e, a * cols + b);
      return symmetric ? 0.5 * (whole + data(e, b * cols + a)) : whole;
    };
  }
  // Predictions in double are exact to rounding; sums over narrow storage are single over some hundred rows.
  double sum_tolerance() const { return GetParam().storage == Storage::f64 ? 1e-12 : 1e-6; }

  void expect_same(const Matrix& data, Index rows, Index cols, const Matrix& L, const Matrix& R) const {
    const auto A = make(data, rows, cols);
    const slow::Swept wanted = slow::sweep(data.rows(), entry(data, cols), L, R, weight);
    const double size = wanted.z.cwiseAbs().maxCoeff() + 1;
    std::vector<double> z(static_cast<std::size_t>(data.rows()));
    predict(*A, L, R, z);
    EXPECT_LE((Eigen::Map<const Vector>(z.data(), data.rows()) - wanted.z).cwiseAbs().maxCoeff(), 1e-13 * size * 60);
    // The weights of the reference, so that what is compared is the adjoint alone.
    Matrix GL, GR;
    const auto weigh = [&](Index first, std::span<double> block) {
      for (std::size_t e = 0; e < block.size(); ++e) block[e] = weight(wanted.z(first + static_cast<Index>(e)));
    };
    A->sweep(L, R, weigh, &GL, &GR);
    const double scale = 40 * std::sqrt(static_cast<double>(data.rows() * cols)) * (1 + L.norm() + R.norm());
    EXPECT_LE((GL - wanted.GL).cwiseAbs().maxCoeff(), sum_tolerance() * scale);
    EXPECT_LE((GR - wanted.GR).cwiseAbs().maxCoeff(), sum_tolerance() * scale);
    const auto unused = [](Index, std::span<double>) { FAIL() << "asked for exact predictions"; };
    std::vector<float> rough(z.size());
    const auto keep = [&](Index first, std::span<float> block) {
      std::copy(block.begin(), block.end(), rough.begin() + first);
      for (float& each : block) each = static_cast<float>(weight(static_cast<double>(each)));
    };
    if (GetParam().storage == Storage::f64) return;
    A->sweep(L, R, Judge(unused, keep), &GL, &GR);
    for (std::size_t e = 0; e < z.size(); ++e) EXPECT_NEAR(rough[e], z[e], 2e-5 * size);
  }
};

TEST_P(DenseStorage, AgreesWithTheObviousLoopsOnEveryLevel) {
  const SimdGuard guard;
  for (const auto& level : guard.levels()) {
    set_simd_level(level);
    for (const Index n : {1, 2, 3, 17, 64, 65, 200})
      for (const Index d : {1, 3, 17}) {
        SCOPED_TRACE(level + ", " + std::to_string(n) + " of " + std::to_string(d));
        const Matrix data = whole_numbers(n, d * d);
        const Matrix L = normal_matrix(d, 2, Random(2, 1)), R = normal_matrix(d, 2, Random(2, 2));
        expect_same(data, d, d, L, R);
        expect_same(data, d, d, L, L);
      }
    if (GetParam().symmetric) continue;
    const Matrix data = whole_numbers(70, 5 * 13);
    expect_same(data, 5, 13, normal_matrix(5, 3, Random(3, 1)), normal_matrix(13, 3, Random(3, 2)));
  }
}

TEST_P(DenseStorage, SignsAreLikeAnyWeights) {
  const Matrix data = whole_numbers(600, 20 * 20);
  const auto A = make(data, 20, 20);
  const Matrix L = normal_matrix(20, 3, Random(4, 1));
  Matrix S, wanted = Matrix::Zero(20, 20);
  std::vector<double> w(600);
  for (std::size_t e = 0; e < w.size(); ++e) w[e] = (e % 7 == 0 ? 0.0 : e % 3 == 0 ? 1.0 : -1.0) / 600;
  S = whole_adjoint(*A, w);
  for (Index e = 0; e < 600; ++e)
    for (Index a = 0; a < 20; ++a)
      for (Index b = 0; b < 20; ++b) wanted(a, b) += w[static_cast<std::size_t>(e)] * entry(data, 20)(e, a, b);
  EXPECT_LE((S - wanted).cwiseAbs().maxCoeff(), 1e-6 * wanted.cwiseAbs().maxCoeff());
}

TEST_P(DenseStorage, TheSameBitsOnAnyNumberOfThreads) {
  const ThreadsGuard guard;
  const Matrix data = whole_numbers(3000, 24 * 24);
  const auto A = make(data, 24, 24);
  const Matrix L = normal_matrix(24, 3, Random(5, 1)), R = normal_matrix(24, 3, Random(5, 2));
  const auto exact = [](Index, std::span<double> z) {
    for (double& each : z) each = weight(each);
  };
  const auto single = [](Index, std::span<float> z) {
    for (float& each : z) each = each > 0 ? 0.7F : -0.2F;
  };
  for (const Judge& judge : {Judge(exact), Judge(exact, single)}) {
    Matrix GL, GR, other_GL, other_GR;
    set_threads(1);
    A->sweep(L, R, judge, &GL, &GR);
    for (const int threads : {2, 3}) {
      set_threads(threads);
      A->sweep(L, R, judge, &other_GL, &other_GR);
      EXPECT_EQ(GL, other_GL) << threads;
      EXPECT_EQ(GR, other_GR) << threads;
    }
  }
}

std::vector<Case> cases() {
  std::vector<Case> all;
  for (const Storage storage : storages)
    for (const bool symmetric : {false, true}) all.push_back({storage, symmetric});
  return all;
}
INSTANTIATE_TEST_SUITE_P(Storages, DenseStorage, testing::ValuesIn(cases()), [](const auto& each) {
  return to_string(each.param.storage) + (each.param.symmetric ? "_symmetric" : "_whole");
});

// --- rounding, choosing, refusing ----------------------------------------------------------------------------------------

// Values that are no even numbers come back as the nearest one of the storage.
TEST(DenseStorages, RoundToTheNearest) {
  const Matrix data = normal_matrix(40, 1, Random(6, 0));
  const double unit[] = {0, 0x1p-24, 0x1p-11, 0x1p-8};
  for (std::size_t s = 0; s < 4; ++s) {
    const auto A = dense(rows_of(data), 40, 1, 1, {.storage = storages[s]});
    std::vector<double> z(40);
    predict(*A, Matrix::Ones(1, 1), Matrix::Ones(1, 1), z);
    double worst = 0;
    for (Index e = 0; e < 40; ++e) {
      const double error = std::abs(z[static_cast<std::size_t>(e)] - data(e, 0)) / std::abs(data(e, 0));
      EXPECT_LE(error, unit[s] + 1e-15);
      worst = std::max(worst, error);
    }
    EXPECT_GE(worst, 0.2 * unit[s]);
  }
}

TEST(DenseStorages, AutoIsTheNarrowestThatIsExact) {
  const auto chosen = [](std::vector<double> values, bool symmetric = false) {
    const Index d = symmetric ? 2 : 1;
    const Matrix data = Eigen::Map<const Matrix>(values.data(), static_cast<Index>(values.size()) / (d * d), d * d);
    return to_string(choose_storage(rows_of(data), data.rows(), d, d, symmetric));
  };
  EXPECT_EQ(chosen({1, -127, 0, 127}), "i8");
  EXPECT_EQ(chosen({1, 128}), "f16");
  EXPECT_EQ(chosen({0.5, 1}), "f16");
  EXPECT_EQ(chosen({0x1p30, 1}), "bf16");
  EXPECT_EQ(chosen({0x1p30, 1 + 0x1p-20}), "f32");
  EXPECT_EQ(chosen({1, 1 + 0x1p-30}), "f64");
  EXPECT_EQ(chosen({1e300}), "f64");
  EXPECT_EQ(chosen({1, 2, 4, 3}, true), "i8");
  EXPECT_EQ(chosen({1, 2, 3, 3}, true), "f16") << "2 and 3 have the mean 2.5";
}

// A rough copy answers rough judges to its own accuracy and exact ones not at all.
TEST(DenseStorages, RoughCopiesAreAsRoughAsTheySay) {
  const Matrix data = normal_matrix(300, 9 * 7, Random(6, 1)), L = normal_matrix(9, 2, Random(6, 2)),
               R = normal_matrix(7, 2, Random(6, 3));
  const auto plain = dense(rows_of(data), 300, 9, 7);
  std::vector<double> wanted(300);
  predict(*plain, L, R, wanted);
  for (const Storage storage : {Storage::f32, Storage::f16}) {
    const auto A = dense(rows_of(data), 300, 9, 7, {.rough_copy = storage});
    const auto keep_in = [](std::vector<double>& z) {
      return [&z](Index first, auto block) { std::copy(block.begin(), block.end(), z.begin() + first); };
    };
    std::vector<double> exact(300), rough(300);
    auto to_exact = keep_in(exact), to_rough = keep_in(rough);
    A->sweep(L, R, to_exact, nullptr, nullptr);
    EXPECT_EQ(exact, wanted);
    A->sweep(L, R, Judge(to_rough, to_rough), nullptr, nullptr);
    double squares = 0, size = 0;
    for (std::size_t e = 0; e < 300; ++e) {
      squares += std::pow(rough[e] - wanted[e], 2);
      size += wanted[e] * wanted[e];
    }
    const double error = std::sqrt(squares / size);
    EXPECT_LE(error, rough_error(*A));
    EXPECT_GE(error, 0.1 * rough_error(*A));
    EXPECT_EQ(rough_error(*A), storage == Storage::f16 ? 3e-4 : 1e-7);
  }
  EXPECT_EQ(rough_error(*plain), 1e-7);
}

TEST(DenseStorages, RoughStorageHoldsTheNumbersOrIsWider) {
  const auto chosen = [](double number, Storage asked) {
    const Matrix data = Matrix::Constant(100, 4, number);
    const auto storage = choose_rough_storage(rows_of(data), 100, 2, 2, asked);
    return storage ? to_string(*storage) : "none";
  };
  EXPECT_EQ(chosen(1, Storage::f16), "f16");
  EXPECT_EQ(chosen(1, Storage::f32), "f32");
  EXPECT_EQ(chosen(1e-4, Storage::f16), "f32");
  EXPECT_EQ(chosen(1e5, Storage::f16), "f32");
  EXPECT_EQ(chosen(1e12, Storage::f16), "none");
  EXPECT_EQ(chosen(0, Storage::f16), "none");
}

TEST(DenseStorages, RefuseWhatTheyDoNotHold) {
  const auto refused = [](double value, Storage storage, const std::string& words) {
    Matrix data = Matrix::Ones(3, 4);
    data(2, 1) = value;
    try {
      dense(rows_of(data), 3, 2, 2, {.storage = storage});
      ADD_FAILURE() << value << " in " << to_string(storage);
    } catch (const std::invalid_argument& error) {
      EXPECT_NE(std::string(error.what()).find("entry 1 of matrix 2"), std::string::npos) << error.what();
      EXPECT_NE(std::string(error.what()).find(words), std::string::npos) << error.what();
    }
  };
  refused(0.5, Storage::i8, "whole number");
  refused(128, Storage::i8, "127");
  refused(1e6, Storage::f16, "range of f16");
  refused(1e39, Storage::f32, "range of f32");
  refused(1e39, Storage::bf16, "range of bf16");
  for (const Storage storage : storages) {
    refused(std::numeric_limits<double>::quiet_NaN(), storage, "finite");
    refused(std::numeric_limits<double>::infinity(), storage, "finite");
  }
  const Matrix data = Matrix::Ones(2, 6);
  EXPECT_THROW(dense(rows_of(data), 2, 2, 3, {.symmetric = true}), std::invalid_argument);
  EXPECT_THROW(dense(rows_of(data), 0, 2, 3), std::invalid_argument);
  EXPECT_THROW(choose_storage(rows_of(data), 2, 2, 3, true), std::invalid_argument);
  const auto broken = [](Index, std::span<double>) { throw std::runtime_error("the disk is gone"); };
  EXPECT_THROW(dense(broken, 2, 2, 3), std::runtime_error);
}

TEST(DenseStorages, TakeNarrowMemory) {
  const Matrix data = whole_numbers(1000, 30 * 30);
  const auto bytes = [&](Storage storage, bool symmetric) {
    const auto A = dense(rows_of(data), 1000, 30, 30, {.storage = storage, .symmetric = symmetric});
    return dynamic_cast<const Footprint&>(*A).bytes();
  };
  EXPECT_LE(bytes(Storage::f64, false), 1000 * 8 * (900 + 8));
  EXPECT_LE(bytes(Storage::f64, true), 1000 * 8 * (465 + 8));
  EXPECT_LE(bytes(Storage::f32, true), 1000 * 4 * (465 + 16));
  EXPECT_LE(bytes(Storage::f16, true), 1000 * 2 * (465 + 32));
  EXPECT_LE(bytes(Storage::i8, true), 1000 * (465 + 64));
}

}  // namespace
}  // namespace gossan
