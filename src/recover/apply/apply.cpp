#include "gossan/apply.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <stdexcept>

#include "gossan/linalg.hpp"
#include "recover/apply/row_unit.hpp"
#include "recover/rpca/lanes.hpp"
#include "recover/rpca/table.hpp"
#include "recover/shared/binomial.hpp"
#include "recover/shared/checkpoint_file.hpp"
#include "run/ask.hpp"

namespace gossan {
namespace {

using robust_pca::count_within;
using robust_pca::half_step;
using robust_pca::Lanes;
using robust_pca::least_absolute;

constexpr Index rows_together = 512;
constexpr double settled = 1e-14;
constexpr Index deviation_sweeps = 45, honest_rounds = 20;
constexpr Index spare_entries = 3;           // honest ones beyond rank that tell a fit from a coincidence
constexpr double least_conditioned = 1e-12;  // of the honest entries' Gram matrix, smallest over largest eigenvalue
constexpr double misfit_chance = 1e-7;
constexpr double least_share = 0.003;  // of outliers that chance is reckoned with: normal noise beyond three deviations

// Rows first .. first + count - 1 of the table, divided by their units, as regressions on V.
struct RowBlock {
  RowBlock(const LowRankModel& model, const TableRows& Y, Index first_row, Index rows)
      : first(first_row), values(rows, Y.cols), units(rows), lanes(rows, Y.cols) {
    Y.read(first, {values.data(), static_cast<std::size_t>(values.size())});
    for (Index i = 0; i < rows; ++i) {
      for (Index j = 0; j < Y.cols; ++j) {
        if (std::isinf(values(i, j)))
          throw std::invalid_argument(
              fmt::format("apply: Y has {} in row {}, column {}, expected numbers or NaN", values(i, j), first + i, j));
      }
      units(i) = row_unit(model, values.row(i).data());
      std::vector<double> sizes;
      for (Index j = 0; j < Y.cols; ++j) {
        const double y = values(i, j) / (units(i) * model.col_unit(j));
        if (std::isinf(y))
          throw std::invalid_argument(fmt::format("apply: Y has {} in row {}, column {}, which is too large beside the others",
                                                  values(i, j), first + i, j));
        lanes.at(i, j) = values(i, j) = y;
        if (!std::isnan(y)) sizes.push_back(std::abs(y));
      }
      observed.push_back(static_cast<Index>(sizes.size()));
      // The median without zeros: least absolute deviations start their smoothing from it.
      std::erase(sizes, 0.0);
      scale.push_back(sizes.empty() ? 1 : median(std::move(sizes)));
    }
  }
  Index first;
  Matrix values;
  Vector units;
  Lanes lanes;
  std::vector<Index> observed;
  std::vector<double> scale;
};

Matrix fit_rows(const RowBlock& block, const LowRankModel& model) {
  Matrix C = least_absolute(block.lanes, model.V, block.scale, deviation_sweeps);
  for (Index round = 0; round < honest_rounds; ++round) {
    Matrix next = half_step(block.lanes, model.V, C, {LaneWeight::trimmed, model.cut, 0});
    // Rows that agree with nothing stay at the least absolute deviations.
    const std::vector<Index> honest = count_within(block.lanes, model.V, C, model.cut);
    bool moved = false;
    for (Index i = 0; i < C.rows(); ++i) {
      if (honest[static_cast<std::size_t>(i)] < model.V.cols()) next.row(i) = C.row(i);
      moved = moved || (next.row(i) - C.row(i)).cwiseAbs().maxCoeff() > settled * next.row(i).cwiseAbs().maxCoeff();
    }
    C = std::move(next);
    if (!moved) break;
  }
  return C;
}

// Whether these columns' rows of V span all directions.
bool spanning(const Matrix& V, const std::vector<Index>& columns) {
  Matrix gram = Matrix::Zero(V.cols(), V.cols());
  for (const Index j : columns) gram.selfadjointView<Eigen::Lower>().rankUpdate(V.row(j).transpose());
  if (!gram.allFinite()) return false;
  const Vector values = eigenvalues(gram);
  return values[values.size() - 1] > least_conditioned * values[0];
}

AppliedRow judge(const LowRankModel& model, Index observed, const std::vector<Index>& honest) {
  const auto count = static_cast<Index>(honest.size());
  AppliedRow row{RowFit::fitted, observed, observed - count, 1};
  row.chance = binomial_tail(count, observed, 1 - std::max(model.outlier_share, least_share));
  if (row.chance < misfit_chance) {
    row.fit = RowFit::misfit;
  } else if (count < model.V.cols() || !spanning(model.V, honest)) {
    row.fit = RowFit::undetermined;
    row.outliers = 0;
  } else if (count < model.V.cols() + spare_entries) {
    row.fit = RowFit::unchecked;
  }
  return row;
}

void judge_rows(const LowRankModel& model, const RowBlock& block, const Matrix& C, Applied& applied) {
  const Index n = model.V.rows();
  for (Index i = 0; i < C.rows(); ++i) {
    const Index row = block.first + i;
    const Vector x = model.V * C.row(i).transpose();
    std::vector<Index> honest, outlying;
    for (Index j = 0; j < n; ++j) {
      const double y = block.values(i, j);
      if (!std::isnan(y)) (std::abs(x[j] - y) <= model.cut ? honest : outlying).push_back(j);
    }
    AppliedRow& judged = applied.rows[static_cast<std::size_t>(row)];
    judged = judge(model, block.observed[static_cast<std::size_t>(i)], honest);
    if (judged.fit == RowFit::undetermined) continue;
    applied.C.row(row) = block.units(i) * C.row(i);
    for (const Index j : outlying) applied.outliers[static_cast<std::size_t>(row * n + j)] = true;
  }
}

Evidence weigh(const std::vector<AppliedRow>& rows) {
  std::array<Index, 4> count{};
  for (const AppliedRow& row : rows) ++count[static_cast<std::size_t>(row.fit)];
  const auto [fitted, misfit, unchecked, undetermined] = count;
  const auto m = static_cast<double>(rows.size());
  Evidence evidence;
  const auto share = [&](const std::string& name, Index rows_of_it, const std::string& meaning) {
    evidence.checks.push_back({name, static_cast<double>(rows_of_it) / m, 0, rows_of_it == 0, meaning});
  };
  share("misfits", misfit, "share of rows with more outliers than chance allows at the share of the table that was fitted");
  share("unchecked rows", unchecked, "share of rows with too few entries beyond the rank to tell outliers by");
  share("undetermined rows", undetermined, "share of rows whose entries do not fix them: their holes stay open");
  evidence.message = fmt::format("{} of {} rows agree with the model; {} do not, {} cannot be checked, {} are undetermined.",
                                 fitted, rows.size(), misfit, unchecked, undetermined);
  const auto all = static_cast<Index>(rows.size());
  evidence.verdict = fitted == all ? Verdict::trusted : 2 * fitted >= all ? Verdict::doubtful : Verdict::failed;
  return evidence;
}

}  // namespace

double row_unit(const LowRankModel& model, const double* row) {
  if (model.zero_row_unit == 0) return 1;
  std::vector<double> sizes;
  for (Index j = 0; j < model.V.rows(); ++j)
    if (!std::isnan(row[j])) sizes.push_back(std::abs(row[j]) / model.col_unit(j));
  const double middle = median(std::move(sizes));
  return middle > 0 ? robust_pca::power_near(middle) : model.zero_row_unit;
}

std::string to_string(RowFit fit) {
  constexpr std::array names{"fitted", "misfit", "unchecked", "undetermined"};
  return names[static_cast<std::size_t>(fit)];
}

Applied apply(const LowRankModel& model, const TableRows& Y, const Watch& watch) {
  refuse_checkpoints(watch, "apply");
  const Index n = model.V.rows();
  if (Y.rows < 1) throw std::invalid_argument("apply: Y has no rows, expected at least one");
  if (Y.cols != n) throw std::invalid_argument(fmt::format("apply: Y has {} columns, expected the model's {}", Y.cols, n));
  if (model.col_unit.size() != n)
    throw std::invalid_argument(fmt::format("apply: the model has {} units of columns, expected {}", model.col_unit.size(), n));
  Applied applied;
  applied.C = Matrix::Zero(Y.rows, model.V.cols());
  applied.rows.resize(static_cast<std::size_t>(Y.rows));
  applied.outliers.resize(static_cast<std::size_t>(Y.rows * n));
  for (Index first = 0; first < Y.rows; first += rows_together) {
    if (const auto wish = ask(watch.observers)) {
      applied.status = *wish;
      break;
    }
    const RowBlock block(model, Y, first, std::min(rows_together, Y.rows - first));
    judge_rows(model, block, fit_rows(block, model), applied);
    if (watch.progress) watch.progress("rows", static_cast<double>(first + block.values.rows()) / static_cast<double>(Y.rows));
  }
  applied.evidence = weigh(applied.rows);
  return applied;
}

}  // namespace gossan
