#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <limits>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "gossan/inputs.hpp"
#include "gossan/operators.hpp"
#include "refusal.hpp"
#include "temporary_folder.hpp"

namespace gossan {
namespace {

using testing::expect_contains;
using testing::refusal;

// n matrices rows x cols of small whole numbers, and what a flat file of them holds.
Matrix flat_matrices(Index n, Index size) {
  Matrix a(n, size);
  for (Index e = 0; e < a.size(); ++e) a.data()[e] = static_cast<double>((7 * e) % 11 - 5);
  return a;
}
std::filesystem::path write_cube(const TemporaryFolder& folder, const Matrix& flat, Index rows, Index cols) {
  const auto file = folder / "A.npy";
  write_npy(file, std::span(flat.data(), static_cast<std::size_t>(flat.size())), std::vector<Index>{flat.rows(), rows, cols});
  return file;
}
std::filesystem::path write_vector(const TemporaryFolder& folder, Index n) {
  std::vector<double> y(static_cast<std::size_t>(n));
  for (std::size_t e = 0; e < y.size(); ++e) y[e] = static_cast<double>(e);
  write_npy(folder / "y.npy", y, std::vector<Index>{n});
  return folder / "y.npy";
}

// z_i = <A_i, l r^T>, summed entry by entry.
void expect_measures(const Operator& A, const Matrix& flat, Index rows, Index cols) {
  const Matrix l = Vector::LinSpaced(rows, 1, 2), r = Vector::LinSpaced(cols, -1, 3);
  std::vector<double> z(static_cast<std::size_t>(flat.rows()));
  predict(A, l, r, z);
  for (Index i = 0; i < flat.rows(); ++i) {
    double sum = 0;
    for (Index e = 0; e < flat.cols(); ++e) sum += flat(i, e) * l(e / cols, 0) * r(e % cols, 0);
    EXPECT_NEAR(z[static_cast<std::size_t>(i)], sum, 1e-9 * (1 + std::abs(sum)));
  }
}

std::string invalid(const TemporaryFolder& folder, const OperatorOptions& options) {
  try {
    read_measurements(folder / "A.npy", folder / "y.npy", options, {});
  } catch (const std::exception& error) {
    return error.what();
  }
  ADD_FAILURE() << "was read without complaint";
  return {};
}

TEST(Measurements, OfMatricesAreTheSameWhole_FlatAndStreamed) {
  constexpr Index n = 4000, rows = 6, cols = 7;  // 1.3 MB
  const Matrix flat = flat_matrices(n, rows * cols);
  const TemporaryFolder folder;
  const auto y_file = write_vector(folder, n);
  const auto a_file = write_cube(folder, flat, rows, cols);
  const Measurements held = read_measurements(a_file, y_file, {}, {});
  EXPECT_EQ(held.operator_name, "dense");
  EXPECT_EQ(held.y[3], 3);
  expect_measures(*held.A, flat, rows, cols);
  const Measurements single = read_measurements(a_file, y_file, {.precision = "single"}, {});
  EXPECT_NE(single.storage, held.storage);
  expect_measures(*single.A, flat, rows, cols);
  const Measurements streamed = read_measurements(a_file, y_file, {.memory_limit = 1}, {});
  EXPECT_NE(streamed.storage.find("streamed"), std::string::npos);
  expect_measures(*streamed.A, flat, rows, cols);
  write_npy(folder / "flat.npy", flat);
  const Measurements told = read_measurements(folder / "flat.npy", y_file, {.rows = rows, .cols = cols}, {});
  EXPECT_EQ(told.operator_name, "dense");
  expect_measures(*told.A, flat, rows, cols);
}

TEST(Measurements, RefusalsNameFileAndPlace) {
  const TemporaryFolder folder;
  Matrix flat = flat_matrices(3, 4);
  write_cube(folder, flat, 2, 2);
  write_vector(folder, 4);
  expect_contains(invalid(folder, {}), {"y.npy", "shape (4)", "expected 3 numbers"});
  write_vector(folder, 3);
  expect_contains(invalid(folder, {.rows = 3, .cols = 3}), {"A.npy", "shape (3, 2, 2)", "n x 9"});
  flat(1, 2) = std::numeric_limits<double>::infinity();
  write_cube(folder, flat, 2, 2);
  expect_contains(invalid(folder, {}), {"A.npy"});
  write_npy(folder / "y.npy", std::vector<double>{1, std::nan(""), 2}, std::vector<Index>{3});
  expect_contains(invalid(folder, {}), {"y.npy", "value 1", "nan"});
}

// An option is written as whoever gave it knows it: by its field's name, unless the caller says otherwise.
TEST(Measurements, RefusalsSpellOptionsAsTheCallerDoes) {
  const TemporaryFolder folder;
  write_npy(folder / "A.npy", flat_matrices(3, 4));
  write_vector(folder, 3);
  const auto spelled = [](const std::string& field) { return "<" + field + ">"; };
  expect_contains(invalid(folder, {}), {"with rows and cols", "say operator"});
  expect_contains(invalid(folder, {.spelled = spelled}), {"with <rows> and <cols>", "say <operator>"});
  expect_contains(invalid(folder, {.name = "dense", .spelled = spelled}), {"both <rows> and <cols> given"});
  expect_contains(invalid(folder, {.name = "design", .precision = "half", .spelled = spelled}),
                  {"<precision> and <memory_limit>"});
}

TEST(Ensembles, ComeBackAsTheyWereWritten) {
  const TemporaryFolder folder;
  const ImplicitOptions options{.seed = 18446744073709551615U, .measurements = 5, .rows = 3, .cols = 2};
  write_ensemble(folder / "e.json", options);
  const ImplicitOptions read = read_ensemble(folder / "e.json");
  EXPECT_EQ(read.seed, options.seed);
  EXPECT_EQ(read.ensemble, options.ensemble);
  EXPECT_EQ(read.symmetric, options.symmetric);
  Matrix flat(5, 6);
  for (Index i = 0; i < 5; ++i) ensemble_row(options, i, std::span(flat.row(i).data(), 6));
  const auto y_file = write_vector(folder, 5);
  const Measurements measured = read_measurements(folder / "e.json", y_file, {}, {});
  expect_measures(*measured.A, flat, 3, 2);
}

TEST(Ensembles, RefusalsNameTheMember) {
  const TemporaryFolder folder;
  const auto said = [&](const char* text) {
    const auto file = folder.write("e.json", text);
    return refusal([&] { read_ensemble(file); });
  };
  expect_contains(said("[1"), {"e.json", "no JSON object"});
  expect_contains(said("{}"), {"schema_version", "expected 1"});
  expect_contains(said(R"({"schema_version": 2})"), {"schema_version", "is 2"});
  expect_contains(said(R"({"schema_version": 1})"), {"e.json", "is missing"});
  const char* all = R"({"schema_version": 1, "ensemble": "rademacher", "generator": "philox", "seed": 0, "measurements": 3,
                        "rows": 2, "cols": [2], "symmetric": "no"})";
  expect_contains(said(all), {"e.json", "cols", "[2]"});
}

}  // namespace
}  // namespace gossan
