// What `gossan rpca` writes and says.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "flag_rates.hpp"
#include "gossan/io.hpp"
#include "gossan/report.hpp"
#include "gossan/rpca.hpp"
#include "summary.hpp"

namespace gossan::cli {

struct TableTruth {
  double relative_error = 0;  // |X - truth|_F / |truth|_F
  FlagRates flags;            // of the observed entries
};

struct RpcaRun {
  const TableRows& table;
  const Decomposed& found;
  std::optional<TableTruth> truth = {};
};

// What is seen of a table by its rows or its columns.
struct FlagTally {
  std::vector<Index> observed, flagged;
};
FlagTally tally_rows(const RpcaRun& run);
FlagTally tally_cols(const RpcaRun& run);

TableTruth compare_with_truth(const Matrix& truth, const TableRows& table, const Decomposed& found);
std::vector<std::pair<std::string, std::string>> rpca_facts(const RpcaRun& run);
Report rpca_report(const RpcaRun& run, const Summary& summary);
// Arrays row, col, value (what was observed less X) of the flagged entries, and shape.
std::map<std::string, Array> sparse_part(const RpcaRun& run);

}  // namespace gossan::cli
