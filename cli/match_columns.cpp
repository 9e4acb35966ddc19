#include "match_columns.hpp"

#include <fmt/format.h>

#include <utility>

#include "gossan/io.hpp"
#include "text.hpp"

namespace gossan::cli {

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
  return {std::move(read), passed_over};
}

std::string passed_over_notice(Index passed_over) {
  return fmt::format("{} entries are in columns that the model does not know: they were passed over", grouped(passed_over));
}

}  // namespace gossan::cli
