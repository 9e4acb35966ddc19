#include <fmt/format.h>

#include <utility>

#include "gossan/inputs.hpp"
#include "gossan/io.hpp"

namespace gossan {

namespace {

// Rows all of whose entries were passed over.
void drop_empty_rows(NamedRatings& read) {
  Ratings& ratings = read.ratings;
  std::vector<Index> place(static_cast<std::size_t>(ratings.rows), -1);
  for (const Index i : ratings.i) place[static_cast<std::size_t>(i)] = 0;
  std::vector<std::string> kept;
  for (std::size_t i = 0; i < place.size(); ++i) {
    if (place[i] < 0) continue;
    place[i] = static_cast<Index>(kept.size());
    kept.push_back(read.row_ids.name(static_cast<Index>(i)));
  }
  for (Index& i : ratings.i) i = place[static_cast<std::size_t>(i)];
  ratings.rows = static_cast<Index>(kept.size());
  read.row_ids = IdTable::of(std::move(kept));
}

}  // namespace

MatchedRatings match_columns(NamedRatings read, IdTable cols, const std::string& file) {
  std::vector<Index> place;
  for (const std::string& name : read.col_ids.names()) place.push_back(cols.find(name));
  Ratings& ratings = read.ratings;
  std::size_t kept = 0;
  for (std::size_t e = 0; e < ratings.value.size(); ++e) {
    const Index j = place[static_cast<std::size_t>(ratings.j[e])];
    if (j < 0) continue;
    ratings.i[kept] = ratings.i[e], ratings.j[kept] = j, ratings.value[kept] = ratings.value[e];
    ++kept;
  }
  if (kept == 0)
    bad_file(file, "columns", fmt::format("has no entry in a column of the model, whose first is '{}'", cols.name(0)));
  const auto passed_over = static_cast<Index>(ratings.value.size() - kept);
  ratings.i.resize(kept), ratings.j.resize(kept), ratings.value.resize(kept);
  ratings.cols = cols.count();
  read.col_ids = std::move(cols);
  read.repeated += average_repeated(ratings);  // "7" and "007" may be one column of the model
  if (read.format != "matrix") drop_empty_rows(read);
  return {std::move(read), passed_over};
}

}  // namespace gossan
