// What the pages of entries by id share: of complete, and of apply to ratings.
#pragma once

#include <optional>
#include <string>

#include "gossan/present.hpp"
#include "io/json.hpp"
#include "present/tally.hpp"

namespace gossan {

// The ten rows or columns with the largest shares of flagged entries, of those with at least five.
TextTable worst_rows(const RatedEntries& entries);
TextTable worst_cols(const RatedEntries& entries);

Json test_json(const PredictionErrors& errors);
void add_test_fact(Facts& facts, const std::optional<PredictionErrors>& errors);
void add_repeated_fact(Facts& facts, Index repeated);
void add_passed_over_fact(Facts& facts, Index passed_over);

}  // namespace gossan
