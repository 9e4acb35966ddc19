// Every implicit ensemble by name.
#include <algorithm>
#include <iterator>

#include "operators/implicit/ensemble.hpp"

namespace gossan {

std::unique_ptr<Ensemble> level_ensemble(const BitStream& stream, Index entries);
std::unique_ptr<Ensemble> normal_ensemble(const BitStream& stream, Index entries);
std::unique_ptr<Ensemble> sign_ensemble(const BitStream& stream, Index entries);

namespace {

// The number makes its bits those of no other ensemble, and is part of the definition.
constexpr EnsembleRow table[] = {
    {"gaussian", 1, normal_ensemble}, {"gaussian-table", 2, level_ensemble}, {"rademacher", 3, sign_ensemble}};

}  // namespace

const EnsembleRow& ensemble_row_of(const std::string& name) {
  return *std::find_if(std::begin(table), std::end(table), [&](const EnsembleRow& row) { return row.name == name; });
}

std::vector<std::string> ensemble_names() {
  std::vector<std::string> names;
  for (const EnsembleRow& row : table) names.emplace_back(row.name);
  return names;
}

}  // namespace gossan
