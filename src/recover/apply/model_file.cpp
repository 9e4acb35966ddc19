// A low-rank model's archive holds `gossan_model`, the number of the format; V; moments; and, each an array of one number,
// noise_scale, cut, outlier_share and rows_seen; col_ids, where columns have names; and where entries are divided by units,
// col_unit and zero_row_unit.
#include <fmt/format.h>

#include "recover/apply/ratings_model_file.hpp"
#include "recover/shared/packed.hpp"

namespace gossan {
namespace {

constexpr double model_format = 1;
constexpr const char* model_mark = "gossan_model";

LowRankModel low_rank_model_of(const ModelReader& read) {
  read.demand_format(model_mark, model_format);
  constexpr double most = 1e300;
  LowRankModel model;
  model.V = read.matrix("V");
  const Index n = model.V.rows(), rank = model.V.cols();
  if (n < 1 || rank < 1)
    read.refuse("V", fmt::format("has the shape {} x {}, expected a row for each column of the table", n, rank));
  model.moments = read.matrix("moments", n, packed_size(rank));
  model.noise_scale = read.number("noise_scale", 0, most);
  model.cut = read.number("cut", 0, most);
  model.outlier_share = read.number("outlier_share", 0, 1);
  model.rows_seen = static_cast<Index>(read.number("rows_seen", 0, 1e15));
  if (read.has("col_ids")) model.col_ids = read.names("col_ids", n);
  model.col_unit = read.has("col_unit") ? read.vector("col_unit", n) : Vector::Ones(n);
  if (!(model.col_unit.array() > 0).all()) read.refuse("col_unit", "has numbers that are not above 0");
  if (read.has("zero_row_unit")) model.zero_row_unit = read.number("zero_row_unit", 0, most);
  return model;
}

SavedModel model_of(const Members& members, const std::filesystem::path& name) {
  const ModelReader read(members, name);
  if (read.has(ratings_mark)) return ratings_model_of(read);
  if (!read.has(model_mark)) bad_file(name, "", "is no model of gossan");
  return low_rank_model_of(read);
}

}  // namespace

void write_model(const std::filesystem::path& file, const LowRankModel& model) {
  Members members = {{model_mark, array_of(model_format)},
                     {"V", array_of(model.V)},
                     {"moments", array_of(model.moments)},
                     {"noise_scale", array_of(model.noise_scale)},
                     {"cut", array_of(model.cut)},
                     {"outlier_share", array_of(model.outlier_share)},
                     {"rows_seen", array_of(static_cast<double>(model.rows_seen))}};
  if (!model.col_ids.empty()) members["col_ids"] = array_of_texts(model.col_ids);
  if (!model.col_unit.isOnes(0))
    members["col_unit"] = array_of(std::vector<double>(model.col_unit.begin(), model.col_unit.end()));
  if (model.zero_row_unit > 0) members["zero_row_unit"] = array_of(model.zero_row_unit);
  write_npz(file, members);
}

SavedModel read_model(const std::filesystem::path& file) { return model_of(read_npz(file), file); }

SavedModel parse_model(std::span<const std::byte> bytes, const std::filesystem::path& name) {
  return model_of(parse_npz(bytes, name), name);
}

}  // namespace gossan
