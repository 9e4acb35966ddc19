#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "gossan/inputs.hpp"
#include "gossan/io.hpp"
#include "gossan/table.hpp"
#include "inputs/cells.hpp"
#include "inputs/dense_matrices.hpp"

namespace gossan {
namespace {

std::string shape_text(const std::vector<Index>& shape) { return fmt::format("shape ({})", fmt::join(shape, ", ")); }

void require_finite(const Array& array, const std::filesystem::path& file) {
  for (std::size_t k = 0; k < array.values.size(); ++k) {
    if (!std::isfinite(array.values[k])) {
      bad_file(file, fmt::format("value {}", k), fmt::format("is {}, expected a finite number", array.values[k]));
    }
  }
}

Array read_vector(const std::filesystem::path& file) {
  Array y = read_array(file);
  const bool column = y.shape.size() == 2 && (y.shape[0] == 1 || y.shape[1] == 1);
  const bool is_vector = y.shape.size() == 1 || column;
  if (!is_vector) bad_file(file, shape_text(y.shape), "expected a vector, one number a measurement");
  if (y.values.empty()) bad_file(file, shape_text(y.shape), "no measurements");
  require_finite(y, file);
  return y;
}

std::string choose_operator(const std::filesystem::path& file, const std::vector<Index>& shape, const OperatorOptions& options) {
  if (options.name != "auto") return options.name;
  const bool flattened = shape.size() == 2 && options.rows > 0 && shape[1] == options.rows * options.cols;
  if (shape.size() == 3 || flattened) return "dense";
  bad_file(
      file, shape_text(shape),
      fmt::format("cannot tell the operator: n matrices are an array n x rows x cols, or n x (rows cols) with {} and {}; for "
                  "other measurements say {}",
                  options.spelled("rows"), options.spelled("cols"), options.spelled("operator")));
}

void check_length(const Array& y, const std::filesystem::path& y_file, Index n, const std::filesystem::path& a_file) {
  if (static_cast<Index>(y.values.size()) == n) return;
  bad_file(y_file, shape_text(y.shape), fmt::format("expected {} numbers, one for each measurement of {}", n, a_file.string()));
}

void refuse_dense_options(const std::string& operator_name, const OperatorOptions& options) {
  if (options.precision == "auto" && options.memory_limit == 0) return;
  throw std::invalid_argument(fmt::format("{} and {} are of dense matrices from a file, these are {}",
                                          options.spelled("precision"), options.spelled("memory_limit"), operator_name));
}

Measurements implicit_measurements(const std::filesystem::path& a_file, const std::filesystem::path& y_file,
                                   const OperatorOptions& options) {
  const ImplicitOptions ensemble = read_ensemble(a_file);
  Array y = read_vector(y_file);
  check_length(y, y_file, ensemble.measurements, a_file);
  if (options.name != "auto" || options.rows != 0 || options.cols != 0)
    throw std::invalid_argument(fmt::format("{}, {} and {} are of arrays; {} says all of its matrices",
                                            options.spelled("operator"), options.spelled("rows"), options.spelled("cols"),
                                            a_file.string()));
  refuse_dense_options("drawn anew in every sweep", options);
  Measurements out;
  try {
    out.A = implicit(ensemble);
  } catch (const std::invalid_argument& error) {
    bad_file(a_file, "", error.what());
  }
  out.y = std::move(y.values);
  out.operator_name = fmt::format("{}, {} seed {}", ensemble.ensemble, ensemble.generator, ensemble.seed);
  return out;
}

// Any operator of the table, from the whole array.
std::unique_ptr<Operator> from_table(const std::string& name, const std::filesystem::path& file, const MatrixRows& rows,
                                     const OperatorOptions& options) {
  Array a{rows.shape, {}, ""};
  Index count = 1;
  for (const Index extent : rows.shape) count *= extent;
  a.values.resize(static_cast<std::size_t>(count));
  rows.read(0, a.values);
  require_finite(a, file);
  return find(operators(), name, "operator").make(a.shape, a.values, options.rows, options.cols);
}

}  // namespace

Fields OperatorOptions::fields() {
  std::vector<std::string> names = {"auto"};
  for (const OperatorRow& row : operators()) names.push_back(row.name);
  return {
      {.name = "operator", .value = &name, .help = "what the measurements are; auto: dense, told by the array", .choices = names},
      {.name = "rows", .value = &rows, .help = "rows of the matrix, 0: told by the array", .least = 0, .most = 1e9},
      {.name = "cols", .value = &cols, .help = "columns of the matrix, 0: told by the array", .least = 0, .most = 1e9},
      {.name = "precision",
       .value = &precision,
       .help = "how dense matrices are held; auto: the narrowest that holds every number exactly",
       .choices = precision_names()},
      {.name = "memory_limit",
       .value = &memory_limit,
       .help = "MB for dense matrices; a larger .npy file is streamed from disk in every sweep, 0: held whatever its size",
       .least = 0,
       .most = 1e9},
  };
}

Measurements read_measurements(const std::filesystem::path& a_file, const std::filesystem::path& y_file,
                               const OperatorOptions& options, const MatrixUse& use) {
  if (inputs::lower(a_file.extension().string()) == ".json") return implicit_measurements(a_file, y_file, options);
  const MatrixRows rows = open_rows(a_file);
  Array y = read_vector(y_file);
  if (rows.shape.empty() || std::find(rows.shape.begin(), rows.shape.end(), 0) != rows.shape.end())
    bad_file(a_file, shape_text(rows.shape), "no measurements");
  Measurements out;
  out.operator_name = choose_operator(a_file, rows.shape, options);
  check_length(y, y_file, rows.shape[0], a_file);
  if (out.operator_name != "dense") refuse_dense_options(out.operator_name, options);
  try {
    if (out.operator_name == "dense") {
      out.A = dense_from(rows, options, use, out.storage);
    } else {
      out.A = from_table(out.operator_name, a_file, rows, options);
    }
  } catch (const std::invalid_argument& error) {
    bad_file(a_file, shape_text(rows.shape), error.what());
  }
  out.y = std::move(y.values);
  return out;
}

}  // namespace gossan
