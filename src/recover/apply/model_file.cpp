// The archive holds `gossan_model`, the number of the format; V; moments; and, each an array of one number, noise_scale, cut,
// outlier_share and rows_seen.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "gossan/apply.hpp"
#include "gossan/io.hpp"

namespace gossan {
namespace {

constexpr double model_format = 1;
constexpr const char* model_mark = "gossan_model";

Array array_of(const Matrix& M) { return {{M.rows(), M.cols()}, {M.data(), M.data() + M.size()}, "<f8"}; }
Array array_of(double x) { return {{1}, {x}, "<f8"}; }

class ModelReader {
 public:
  ModelReader(const std::map<std::string, Array>& arrays, const std::filesystem::path& name) : arrays_(arrays), name_(name) {}

  Matrix matrix(const std::string& member) const {
    const Array& array = finite(member);
    if (array.shape.size() != 2) bad_file(name_, member, fmt::format("has {} dimensions, expected a matrix", array.shape.size()));
    return Eigen::Map<const Matrix>(array.values.data(), array.shape[0], array.shape[1]);
  }
  double number(const std::string& member, double least, double below) const {
    const Array& array = finite(member);
    if (array.values.size() != 1) bad_file(name_, member, fmt::format("holds {} numbers, expected one", array.values.size()));
    const double x = array.values[0];
    if (x < least || x >= below) bad_file(name_, member, fmt::format("is {}, expected a number >= {} and < {}", x, least, below));
    return x;
  }

 private:
  const Array& finite(const std::string& member) const {
    const auto found = arrays_.find(member);
    if (found == arrays_.end()) bad_file(name_, member, "is missing: the model is damaged");
    const auto& values = found->second.values;
    const auto bad = std::find_if(values.begin(), values.end(), [](double x) { return !std::isfinite(x); });
    if (bad != values.end()) bad_file(name_, member, fmt::format("holds {}, expected finite numbers", *bad));
    return found->second;
  }
  const std::map<std::string, Array>& arrays_;
  const std::filesystem::path& name_;
};

LowRankModel model_of(const std::map<std::string, Array>& arrays, const std::filesystem::path& name) {
  const auto mark = arrays.find(model_mark);
  if (mark == arrays.end() || mark->second.values.size() != 1) bad_file(name, "", "is no model of gossan");
  if (mark->second.values[0] != model_format)
    bad_file(name, "",
             fmt::format("is a model of format {}, expected {}: another version of gossan wrote it", mark->second.values[0],
                         model_format));
  const ModelReader read(arrays, name);
  constexpr double most = 1e300;
  LowRankModel model;
  model.V = read.matrix("V");
  model.moments = read.matrix("moments");
  const Index n = model.V.rows(), rank = model.V.cols();
  if (n < 1 || rank < 1)
    bad_file(name, "V", fmt::format("has the shape {} x {}, expected a row for each column of the table", n, rank));
  if (model.moments.rows() != n || model.moments.cols() != rank * (rank + 1) / 2)
    bad_file(name, "moments",
             fmt::format("has the shape {} x {}, expected {} x {}", model.moments.rows(), model.moments.cols(), n,
                         rank * (rank + 1) / 2));
  model.noise_scale = read.number("noise_scale", 0, most);
  model.cut = read.number("cut", 0, most);
  model.outlier_share = read.number("outlier_share", 0, 1);
  model.rows_seen = static_cast<Index>(read.number("rows_seen", 0, 1e15));
  return model;
}

}  // namespace

void write_model(const std::filesystem::path& file, const LowRankModel& model) {
  write_npz(file, {{model_mark, array_of(model_format)},
                   {"V", array_of(model.V)},
                   {"moments", array_of(model.moments)},
                   {"noise_scale", array_of(model.noise_scale)},
                   {"cut", array_of(model.cut)},
                   {"outlier_share", array_of(model.outlier_share)},
                   {"rows_seen", array_of(static_cast<double>(model.rows_seen))}});
}

LowRankModel read_model(const std::filesystem::path& file) { return model_of(read_npz(file), file); }

LowRankModel parse_model(std::span<const std::byte> bytes, const std::filesystem::path& name) {
  return model_of(parse_npz(bytes, name), name);
}

}  // namespace gossan
