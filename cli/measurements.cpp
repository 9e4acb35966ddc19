#include "measurements.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>
#include <stdexcept>

#include "gossan/io.hpp"
#include "gossan/table.hpp"

namespace gossan::cli {
namespace {

std::string shape_text(const Array& array) { return fmt::format("shape ({})", fmt::join(array.shape, ", ")); }

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
  if (!is_vector) bad_file(file, shape_text(y), "expected a vector, one number a measurement");
  if (y.values.empty()) bad_file(file, shape_text(y), "no measurements");
  require_finite(y, file);
  return y;
}

std::string choose_operator(const std::filesystem::path& file, const Array& a, const OperatorOptions& options) {
  if (options.name != "auto") return options.name;
  const bool flattened = a.shape.size() == 2 && options.rows > 0 && a.shape[1] == options.rows * options.cols;
  if (a.shape.size() == 3 || flattened) return "dense";
  bad_file(
      file, shape_text(a),
      "cannot tell the operator: n matrices are an array n x rows x cols, or n x (rows cols) with --rows and --cols; for other "
      "measurements say --operator");
}

}  // namespace

Fields OperatorOptions::fields() {
  std::vector<std::string> names = {"auto"};
  for (const OperatorRow& row : operators()) names.push_back(row.name);
  return {
      {.name = "operator", .value = &name, .help = "what the measurements are; auto: dense, told by the array", .choices = names},
      {.name = "rows", .value = &rows, .help = "rows of the matrix, 0: told by the array", .least = 0, .most = 1e9},
      {.name = "cols", .value = &cols, .help = "columns of the matrix, 0: told by the array", .least = 0, .most = 1e9},
  };
}

Measurements read_measurements(const std::filesystem::path& a_file, const std::filesystem::path& y_file,
                               const OperatorOptions& options) {
  const Array a = read_array(a_file);
  Array y = read_vector(y_file);
  if (a.values.empty() || a.shape.empty()) bad_file(a_file, shape_text(a), "no measurements");
  Measurements out;
  out.operator_name = choose_operator(a_file, a, options);
  require_finite(a, a_file);
  if (a.shape[0] != static_cast<Index>(y.values.size())) {
    bad_file(y_file, shape_text(y),
             fmt::format("expected {} numbers, one for each measurement of {}", a.shape[0], a_file.string()));
  }
  const OperatorRow& row = find(operators(), out.operator_name, "operator");
  try {
    out.A = row.make(a.shape, a.values, options.rows, options.cols);
  } catch (const std::invalid_argument& error) {
    bad_file(a_file, shape_text(a), error.what());
  }
  out.y = std::move(y.values);
  return out;
}

}  // namespace gossan::cli
