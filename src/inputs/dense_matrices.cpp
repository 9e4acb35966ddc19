#include "inputs/dense_matrices.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "gossan/io.hpp"
#include "inputs/cells.hpp"

namespace gossan {
namespace {

struct Precision {
  const char* name;
  Storage storage;
};
constexpr Precision precisions[] = {{"double", Storage::f64},
                                    {"single", Storage::f32},
                                    {"half", Storage::f16},
                                    {"bfloat16", Storage::bf16},
                                    {"int8", Storage::i8}};

struct MatrixShape {
  Index rows, cols;
};

MatrixShape shape_of_matrices(const std::vector<Index>& shape, const OperatorOptions& options) {
  const auto fits = [](Index told, Index found) { return told == 0 || told == found; };
  if (shape.size() == 3 && fits(options.rows, shape[1]) && fits(options.cols, shape[2])) return {shape[1], shape[2]};
  const bool told = options.rows > 0 && options.cols > 0;
  if (shape.size() == 2 && told && options.rows <= shape[1] && options.rows * options.cols == shape[1])
    return {options.rows, options.cols};
  if (told)
    throw std::invalid_argument(fmt::format("expected n x {0} x {1}, or n x {2}, for matrices of {0} x {1}", options.rows,
                                            options.cols, options.rows * options.cols));
  throw std::invalid_argument(fmt::format("expected n x rows x cols, or n x (rows cols) with both {} and {} given",
                                          options.spelled("rows"), options.spelled("cols")));
}

std::unique_ptr<Operator> stream(const MatrixRows& rows, MatrixShape matrix, const OperatorOptions& options,
                                 std::string& storage) {
  if (!rows.streams)
    throw std::invalid_argument(fmt::format("{}: the array is larger, expected a .npy file in C order, which can be streamed",
                                            options.spelled("memory_limit")));
  if (options.precision != "auto" && options.precision != "double")
    throw std::invalid_argument(fmt::format("{} is of matrices held in memory, but {} has these streamed from disk",
                                            options.spelled("precision"), options.spelled("memory_limit")));
  storage = fmt::format("streamed from disk, with at most {} MB in memory", options.memory_limit);
  return streamed(rows.read, rows.shape[0], matrix.rows, matrix.cols, options.memory_limit * 1'000'000);
}

}  // namespace

MatrixRows open_rows(const std::filesystem::path& file) {
  if (inputs::lower(file.extension().string()) == ".npy") {
    try {
      const auto open = std::make_shared<RowFile>(file);
      return {open->shape(), [open](Index first, std::span<double> out) { open->read(first, out); }, true};
    } catch (const BadFile&) {
      // In Fortran order, or no array at all: reading it whole will tell.
    }
  }
  const auto array = std::make_shared<Array>(read_array(file));
  Index length = array->shape.empty() || array->shape[0] == 0 ? 0 : static_cast<Index>(array->values.size()) / array->shape[0];
  return {array->shape, [array, length](Index first, std::span<double> out) {
            std::copy_n(array->values.begin() + first * length, out.size(), out.begin());
          }};
}

std::vector<std::string> precision_names() {
  std::vector<std::string> names = {"auto"};
  for (const Precision& each : precisions) names.emplace_back(each.name);
  return names;
}

std::unique_ptr<Operator> dense_from(const MatrixRows& rows, const OperatorOptions& options, const MatrixUse& use,
                                     std::string& storage) {
  const MatrixShape matrix = shape_of_matrices(rows.shape, options);
  const Index n = rows.shape[0];
  const bool packed = use.symmetric && matrix.rows == matrix.cols;
  const double numbers = static_cast<double>(n) * static_cast<double>(matrix.rows) * static_cast<double>(matrix.cols);
  constexpr double megabyte = 1e6;
  if (options.memory_limit > 0 && numbers * sizeof(double) > megabyte * static_cast<double>(options.memory_limit))
    return stream(rows, matrix, options, storage);
  Storage chosen = Storage::f64;
  if (options.precision == "auto") {
    chosen = choose_storage(rows.read, n, matrix.rows, matrix.cols, packed);
  } else {
    const auto* row = std::find_if(std::begin(precisions), std::end(precisions),
                                   [&](const Precision& each) { return options.precision == each.name; });
    chosen = row->storage;
  }
  const bool may_copy = chosen == Storage::f64 && options.precision == "auto" && options.memory_limit == 0;
  const std::optional<Storage> copy =
      may_copy ? choose_rough_storage(rows.read, n, matrix.rows, matrix.cols, use.rough) : std::nullopt;
  auto A = dense(rows.read, n, matrix.rows, matrix.cols, {.storage = chosen, .symmetric = packed, .rough_copy = copy});
  const Index bytes = dynamic_cast<const Footprint&>(*A).bytes();
  storage = fmt::format("{}{}{}, {:.3g} MB", to_string(chosen),
                        copy ? fmt::format(" and {} for steps on the way", to_string(*copy)) : "",
                        packed ? ", symmetric parts" : "", static_cast<double>(bytes) / megabyte);
  return A;
}

}  // namespace gossan
