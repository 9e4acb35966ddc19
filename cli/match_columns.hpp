// New entries by the columns that a model knows.
#pragma once

#include <string>

#include "ratings_file.hpp"

namespace gossan::cli {

struct MatchedRatings {
  NamedRatings data;      // its columns are the model's
  Index passed_over = 0;  // entries of other columns
};
// Throws BadFile where no column is one of the model's.
MatchedRatings match_columns(NamedRatings read, IdTable cols, const std::string& file);

}  // namespace gossan::cli
