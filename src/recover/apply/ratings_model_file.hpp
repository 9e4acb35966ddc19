#pragma once

#include "gossan/apply.hpp"
#include "recover/apply/model_reader.hpp"

namespace gossan {

inline constexpr const char* ratings_mark = "gossan_ratings_model";

// Of an archive that has the mark. Throws BadFile.
RatingsModel ratings_model_of(const ModelReader& read);

}  // namespace gossan
