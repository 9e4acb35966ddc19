// From a fit in the table's own rows, columns and units to the answer in the caller's.
#pragma once

#include <string>
#include <vector>

#include "gossan/evidence.hpp"
#include "recover/rpca/table.hpp"

namespace gossan::robust_pca {

// Of either recovery.
struct TableAnswer {
  TableFactors X;
  bool exact = false;
  double scale = 0;  // of the noise
  double cut = 0;
  std::vector<Check> checks;
  bool passed = false;
  std::vector<Index> bad_rows, bad_cols;
  Vector values;  // that the rank was read from
  std::string how;
};

// Factors, values, flags and evidence; `answer` knows what was observed. stopped: by a watcher, before its end.
void put(const TableRows& Y, const ObservedTable& table, const TableAnswer& found, bool stopped, Decomposed& answer);

}  // namespace gossan::robust_pca
