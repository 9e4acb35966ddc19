// Robust PCA: what it reads, and which of the two recoveries answers.
#include "gossan/rpca.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "gossan/linalg.hpp"
#include "recover/rpca/answer.hpp"
#include "recover/rpca/exact_fit.hpp"
#include "recover/rpca/noisy_evidence.hpp"
#include "recover/rpca/noisy_fit.hpp"
#include "recover/rpca/orthogonal.hpp"
#include "recover/rpca/pcp.hpp"
#include "recover/rpca/sample_scale.hpp"
#include "recover/rpca/trimmed_ls.hpp"
#include "recover/shared/checkpoint_file.hpp"
#include "recover/shared/option_fields.hpp"

namespace gossan {
namespace robust_pca {
namespace {

class RpcaRecovery {
 public:
  RpcaRecovery(const TableRows& Y, const RpcaOptions& options, const Watch& watch)
      : Y_(Y),
        options_(options),
        course_(watch, answer_.history),
        census_(take_census(Y)),
        table_(observe(Y, census_, options.holdout, options.seed)) {}

  Decomposed recover() {
    answer_.observed = census_.observed;
    answer_.unseen_rows = census_.unseen_rows;
    answer_.unseen_cols = census_.unseen_cols;
    TableAnswer found;
    if (table_.scale > 0)
      found = options_.method == "pcp" ? by_pcp() : by_portfolio();
    else
      found = nothing_there();
    conclude(found);
    return std::move(answer_);
  }

 private:
  double tolerance() const { return exact_share * table_.scale; }
  Index most_rank() const {
    const Index side = std::min(table_.rows(), table_.cols());
    return options_.rank > 0 ? std::min(options_.rank, side) : side;
  }

  // No entry, or zeros alone: the zero matrix is the answer.
  TableAnswer nothing_there() {
    TableAnswer zero;
    zero.X = {Matrix(table_.rows(), 0), Matrix(table_.cols(), 0)};
    zero.exact = true;
    zero.passed = census_.observed > 0;
    zero.how = census_.observed > 0 ? "every observed entry is 0" : "no entry was observed";
    zero.checks.push_back({"entries are there", static_cast<double>(census_.observed), 1, zero.passed, "observed entries"});
    return zero;
  }

  TableAnswer by_portfolio() {
    Starts starts(table_, {most_rank(), options_.seed}, course_);
    const bool may_be_exact = options_.method != "noisy", may_be_noisy = options_.method != "exact";
    constexpr double exact_somewhere = 0.1;
    if (may_be_exact) {
      ExactFit fit = fit_exactly(table_, starts, options_.seed, course_);
      const bool exact = fit.certificate.passed || fit.certificate.exact.share >= exact_somewhere;
      if (exact || !may_be_noisy || course_.stopped()) return exact_answer(std::move(fit));
    }
    return noisy_answer(fit_noise(table_, starts, course_));
  }

  TableAnswer exact_answer(ExactFit fit) {
    TableAnswer found;
    found.how = fmt::format("honest entries are met exactly; start {}", fit.member);
    return certified(std::move(fit.X), std::move(fit.certificate), std::move(found));
  }

  TableAnswer certified(TableFactors X, Certificate certificate, TableAnswer found) {
    found.exact = true;
    found.X = std::move(X);
    found.checks = std::move(certificate.checks);
    found.passed = certificate.passed;
    found.bad_rows = std::move(certificate.bad_rows);
    found.bad_cols = std::move(certificate.bad_cols);
    found.cut = tolerance();
    read_medians(found.X);
    found.values = singular(found.X).s;
    table_.take_held_out();
    if (found.passed) {
      found.X = polish(table_, found.X, tolerance());
    } else {
      found.scale = resting_size(found.X);
      found.cut = std::max(found.cut, noisy_cut * found.scale);
    }
    return found;
  }

  double resting_size(const TableFactors& X) const {
    const double freedom = std::min(static_cast<double>(table_.freedom(X.rank())), 0.8 * static_cast<double>(table_.count));
    const std::vector<double> sizes = fitted_sizes(table_, X);
    if (sizes.empty()) return 0;
    return clean_scale(sizes, freedom * static_cast<double>(sizes.size()) / static_cast<double>(table_.count));
  }

  TableAnswer noisy_answer(NoisyFit fit) {
    constexpr Index last_rounds = 15;
    TableAnswer found;
    found.how = fmt::format("entries are noisy; start {}", fit.member);
    const NoisyEvidence evidence = weigh_noisy(table_, fit);
    found.checks = evidence.checks;
    found.passed = evidence.passed;
    found.bad_rows = evidence.bad_rows;
    found.bad_cols = evidence.bad_cols;
    found.values = fit.values;
    read_medians(fit.X);
    table_.take_held_out();
    if (fit.X.rank() > 0 && !course_.stopped()) fit = trimmed_fit(table_, std::move(fit), last_rounds);
    found.scale = resting_size(fit.X);
    found.cut = noisy_cut * found.scale;
    found.X = std::move(fit.X);
    return found;
  }

  TableAnswer by_pcp() {
    constexpr Index most_steps = 500;
    Pcp pcp(table_);
    course_.sweeps += 2 * course_.drive(pcp, "pcp", most_steps, [&] { return pcp.done(); }).iterations;
    TableFactors X = pcp.found();
    if (options_.rank > 0) X = balanced(singular(X), options_.rank);
    TableAnswer found;
    found.how = "the convex answer as it is";
    return certified(X, certify(table_, X, tolerance()), std::move(found));
  }

  void read_medians(const TableFactors& X) {
    answer_.holdout_median = median(sizes_at(X, table_.held_out));
    answer_.training_median = median(fitted_sizes(table_, X));
  }

  void conclude(const TableAnswer& found) {
    put(Y_, table_, found, course_.stopped(), answer_);
    answer_.status = course_.status();
    answer_.sweeps = course_.sweeps;
    answer_.choices.emplace_back("fit", found.how);
    if (table_.rescaled)
      answer_.choices.emplace_back("scaling", "rows and columns divided by powers of two near their medians, since those differ");
    append_values(answer_.choices, options_.fields());
  }

  const TableRows& Y_;
  RpcaOptions options_;
  Decomposed answer_;
  Course course_;
  TableCensus census_;
  ObservedTable table_;
};

}  // namespace
}  // namespace robust_pca

const std::vector<RpcaMethod>& rpca_methods() {
  static const std::vector<RpcaMethod> table = {
      {"auto", "exact where honest entries can be met exactly, else noisy: decided from the data"},
      {"exact", "a portfolio of starts, each finished by least absolute deviations, until one is certified"},
      {"noisy", "the same starts; rank by held-out entries, least squares within three noise scales"},
      {"rank-path", "of tall tables of real measurements, as video: a rank that held-out entries ask for; reads blocks of rows"},
      {"pcp", "principal component pursuit, the convex program, and its answer as it is"},
  };
  return table;
}

Fields RpcaOptions::fields() {
  std::vector<std::string> names;
  for (const RpcaMethod& each : rpca_methods()) names.push_back(each.name);
  return {
      {.name = "method", .value = &method, .help = "how; auto: told from the data", .choices = names},
      {.name = "rank", .value = &rank, .help = "largest rank; 0: found from the data", .least = 0},
      holdout_field(&holdout, "observed entries"),
      seed_field(&seed),
  };
}

double rpca_workspace(Index rows, Index cols) {
  const double entries = static_cast<double>(rows) * static_cast<double>(cols);
  constexpr double packed = 8, held_out = 0.05 * 24, convex = 24, flags = 0.125, residuals = 8;
  const bool pcp = std::min(rows, cols) <= 1200;
  return entries * (packed + held_out + flags + (pcp ? convex : 0)) + residuals * std::min(entries, robust_pca::most_residuals);
}

RpcaCost rpca_cost(Index rows, Index cols, const std::string& method) {
  const double entries = static_cast<double>(rows) * static_cast<double>(cols);
  constexpr double a_pass = 5e-7, per_entry = 6e-6;  // seconds
  constexpr Index usual_rank = 8;
  if (method == "rank-path") return {rank_path_workspace(rows, cols, usual_rank), a_pass * entries};
  return {rpca_workspace(rows, cols), per_entry * entries};
}

Decomposed rpca(const TableRows& Y, RpcaOptions options, const Watch& watch) {
  check(options.fields(), "rpca");
  refuse_checkpoints(watch, "rpca");
  if (options.method == "rank-path") return rank_path(Y, options, watch);
  return robust_pca::RpcaRecovery(Y, options, watch).recover();
}

Decomposed rpca(const Matrix& Y, RpcaOptions options, const Watch& watch) { return rpca(table_of(Y), std::move(options), watch); }

}  // namespace gossan
