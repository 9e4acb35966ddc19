// A planted table and what becomes of it.
#pragma once

#include <string>

#include "gossan/generate_table.hpp"
#include "gossan/rpca.hpp"

namespace gossan {

struct TableOutcome {
  Decomposed found;
  GeneratedTable planted;
  double error = 0;  // |X - truth|_F / |truth|_F
  bool trusted() const { return found.evidence.verdict == Verdict::trusted; }
};

inline double error_of(const Decomposed& found, const Matrix& truth) {
  return (found.L * found.R.transpose() - truth).norm() / truth.norm();
}

inline TableOutcome recover_table(const GenerateTableOptions& options, const RpcaOptions& how = {}) {
  TableOutcome outcome;
  outcome.planted = generate_table(options);
  outcome.found = rpca(outcome.planted.Y, how);
  outcome.error = error_of(outcome.found, outcome.planted.X);
  return outcome;
}

inline GenerateTableOptions cell(const std::string& kind, double corrupted, double observed, std::uint64_t seed) {
  GenerateTableOptions options;
  options.rows = 70;
  options.cols = 60;
  options.rank = 3;
  options.kind = kind;
  options.corrupted = corrupted;
  options.observed = observed;
  options.seed = seed;
  return options;
}

inline std::string failed_checks(const Decomposed& found) {
  std::string text = found.evidence.message;
  for (const Check& check : found.evidence.checks)
    if (!check.passed) text += "; " + check.name + " " + std::to_string(check.value) + " against " + std::to_string(check.bound);
  return text;
}

}  // namespace gossan
