// The options of implicit measurements, and the definition of their entries (docs/ensembles.md).
#include <fmt/format.h>

#include <stdexcept>

#include "operators/implicit/ensemble.hpp"

namespace gossan {
namespace {

void check_options(ImplicitOptions options) {
  check(options.fields(), "implicit");
  if (options.symmetric && options.rows != options.cols)
    throw std::invalid_argument(
        fmt::format("implicit: a symmetric matrix is {} x {}, expected a square one", options.rows, options.cols));
  constexpr Index most = Index{1} << 31;
  if (options.rows > most / options.cols)
    throw std::invalid_argument(
        fmt::format("implicit: the matrix is {} x {}, expected at most 2^31 entries", options.rows, options.cols));
}

std::unique_ptr<Ensemble> ensemble_of(const ImplicitOptions& options) {
  const Generator generator = options.generator == "ars" ? Generator::ars : Generator::philox;
  const Index entries = drawn_entries(options.rows, options.cols, options.symmetric);
  const EnsembleRow& row = ensemble_row_of(options.ensemble);
  return row.make({generator, options.seed, 0x80000000U + row.number}, entries);
}

}  // namespace

Fields ImplicitOptions::fields() {
  constexpr double most = 1e6;
  return {
      {.name = "ensemble",
       .value = &ensemble,
       .help = "the entries: normal numbers, normal numbers by a table of 128 levels, or signs",
       .choices = ensemble_names()},
      {.name = "generator",
       .value = &generator,
       .help = "where random bits come from: philox is the reference, ars is faster",
       .choices = {"philox", "ars"}},
      {.name = "seed", .value = &seed, .help = "seed of the measurement matrices"},
      {.name = "measurements", .value = &measurements, .help = "number of measurements", .least = 1},
      {.name = "rows", .value = &rows, .help = "rows of the matrix", .least = 1, .most = most},
      {.name = "cols", .value = &cols, .help = "columns of the matrix", .least = 1, .most = most},
      {.name = "symmetric",
       .value = &symmetric,
       .help = "measurement matrices are symmetric: only their upper triangle is drawn"},
  };
}

std::unique_ptr<Operator> implicit(const ImplicitOptions& options) {
  check_options(options);
  return implicit_operator(ensemble_of(options), options);
}

void ensemble_row(const ImplicitOptions& options, Index i, std::span<double> row) {
  check_options(options);
  const auto [rows, cols, symmetric] = std::tuple(options.rows, options.cols, options.symmetric);
  if (i < 0 || i >= options.measurements || static_cast<Index>(row.size()) != rows * cols)
    throw std::invalid_argument(fmt::format("ensemble_row: measurement {} into {} numbers, expected one of {} into {} x {}", i,
                                            row.size(), options.measurements, rows, cols));
  std::vector<double> drawn(static_cast<std::size_t>(drawn_entries(rows, cols, symmetric)));
  ensemble_of(options)->row(i, drawn);
  for (Index a = 0; a < rows; ++a)
    for (Index b = 0; b < cols; ++b) {
      const Index e = symmetric && b < a ? drawn_row(b, cols, true) + a : drawn_row(a, cols, symmetric) + b;
      row[static_cast<std::size_t>(a * cols + b)] = drawn[static_cast<std::size_t>(e)];
    }
}

}  // namespace gossan
