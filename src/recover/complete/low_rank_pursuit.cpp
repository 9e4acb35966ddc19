// A low-rank matrix from exact or nearly exact entries; its columns and rows may be known to lie in the spans of features
// (inductive matrix completion): the rank grows by one direction of the residual at a time, held-out entries say when to stop, a
// gap of the singular values what the rank is, and least squares at that rank end it.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "gossan/random.hpp"
#include "recover/complete/recipes.hpp"
#include "recover/complete/ridge.hpp"
#include "recover/shared/freedom.hpp"
#include "recover/shared/scales.hpp"
#include "recover/shared/spectrum.hpp"

namespace gossan::completing {
namespace {

constexpr double stalled = 1e-8;  // relative change of the residual in a sweep
constexpr double exact = 1e-7;    // held-out error over the values: nothing is left to find

struct Candidate {
  Matrix A, B;
  double heldout = std::numeric_limits<double>::infinity();
  Index rank() const { return A.cols(); }
  Params state() const { return {{"best_A", A}, {"best_B", B}, {"best_heldout", Matrix::Constant(1, 1, heldout)}}; }
  void restore(const Params& state) {
    if (state.size() != 3) return;
    A = state[0].value, B = state[1].value, heldout = state[2].value(0, 0);
  }
};
bool is_inductive(const Spans& spans) { return spans.rows.size() > 0 || spans.cols.size() > 0; }
Index freedom(const Matrix& span, Index count) { return span.size() > 0 ? span.cols() : count; }
Index numbers_of(Index rank, const Spans& spans, Index rows, Index cols) {
  return degrees_of_freedom(rank, freedom(spans.rows, rows), freedom(spans.cols, cols));
}
// Of the checkpoints' stages.
Index first_stage(const Spans& spans) { return is_inductive(spans) ? 2 * Course::chapter : 0; }
constexpr Index gap_stage = 100, last_stage = 101;

// Of the held-out entries; where there are none, of the fitted ones, as far as they outnumber the unknowns.
double heldout_rms(const Heldout& heldout, const Spans& spans, const RidgeSweeps& fit) {
  const Matrix& A = fit.A();
  const Matrix& B = fit.B();
  if (heldout.value.empty()) {
    const auto n = static_cast<double>(heldout.fitted.size()),
               unknowns = static_cast<double>(numbers_of(A.cols(), spans, A.rows(), B.rows()));
    return n > unknowns ? fit.residual() * std::sqrt(n / (n - unknowns)) : std::numeric_limits<double>::infinity();
  }
  double sum = 0;
  for (std::size_t e = 0; e < heldout.value.size(); ++e) {
    const double r = heldout.value[e] - A.row(heldout.i[e]).dot(B.row(heldout.j[e]));
    sum += r * r;
  }
  return std::sqrt(sum / static_cast<double>(heldout.value.size()));
}

void product_by(const Grouped& side, const std::vector<double>& value, const Vector& x, Vector& y) {
  parallel_blocks(side.count(), row_block(side.count()), [&](Index, Index first, Index last) {
    for (Index a = first; a < last; ++a) {
      double sum = 0;
      for (auto k = static_cast<std::size_t>(side.start[static_cast<std::size_t>(a)]);
           k < static_cast<std::size_t>(side.start[static_cast<std::size_t>(a) + 1]); ++k)
        sum += value[side.entry.empty() ? k : side.entry[k]] * x(side.other[k]);
      y(a) = sum;
    }
  });
}

// The top singular pair of the residual over the share that is seen, by power steps, as one more column of A and B.
void add_direction(const Entries& entries, const Spans& spans, const Random& random, Matrix& A, Matrix& B) {
  const std::vector<double> residual = low_rank_residuals(entries, A, B);
  Vector u(entries.rows()), v = normal_matrix(entries.cols(), 1, random);
  double s = 0;
  constexpr int steps = 10;
  for (int k = 0; k < steps; ++k) {
    product_by(entries.by_row, residual, v, u);
    if (spans.rows.size() > 0) u = spans.rows * (spans.rows.transpose() * u).eval();
    u /= std::max(u.norm(), 1e-300);
    product_by(entries.by_col, residual, u, v);
    if (spans.cols.size() > 0) v = spans.cols * (spans.cols.transpose() * v).eval();
    s = v.norm();
    v /= std::max(s, 1e-300);
  }
  const double seen =
      static_cast<double>(entries.count()) / (static_cast<double>(entries.rows()) * static_cast<double>(entries.cols()));
  const double root = std::sqrt(s / seen);
  A = beside(A, root * u);
  B = beside(B, root * v);
}

// Ranks 1, 2, ... until two in a row bring no better held-out error. False when a watcher ended it.
bool grow(const Problem& problem, const Entries& training, const Spans& spans, Course& course, Candidate& best) {
  const double size = root_mean_square(training.value);
  const Index shorter = std::min(freedom(spans.rows, training.rows()), freedom(spans.cols, training.cols()));
  const Index base = first_stage(spans);
  const Index most = std::min(problem.options.rank > 0 ? problem.options.rank : Index{30}, shorter);
  Matrix A(training.rows(), 0), B(training.cols(), 0);
  constexpr Index sweeps = 8, patience = 2;
  constexpr double ridge = 0.3;
  for (Index r = 1; r <= most; ++r) {
    if (course.is_past(base + r)) continue;
    if (course.was_in(base + r))  // its factors are in the checkpoint
      A = Matrix::Zero(training.rows(), r), B = Matrix::Zero(training.cols(), r);
    else
      add_direction(training, spans, Random(problem.options.seed, 504 + static_cast<std::uint64_t>(r)), A, B);
    RidgeSweeps iteration(training, A, B, ridge, 0, spans);
    const double left = 0.7 * std::pow(0.8, static_cast<double>(r));
    if (!course.drive(base + r, fmt::format("rank {}", r), iteration, 0, sweeps, 0.7 - left / 0.8, 0.7 - left, best.state())) {
      if (best.rank() == 0) best = {iteration.A(), iteration.B(), heldout_rms(problem.heldout, spans, iteration)};
      return false;
    }
    A = iteration.A(), B = iteration.B();
    const double h = heldout_rms(problem.heldout, spans, iteration);
    if (h < best.heldout || best.rank() == 0) best = {A, B, h};
    if (h < exact * size || r - best.rank() >= patience) break;
  }
  return true;
}

// The rank at the largest gap, fitted anew, where its held-out error is no worse.
bool settle_rank(const Problem& problem, const Entries& training, const Spans& spans, Course& course, Candidate& best) {
  if (best.rank() < 2 || course.is_past(first_stage(spans) + gap_stage)) return true;
  const Svd parts = product_svd(best.A, best.B);
  const Gap gap = widest_gap(parts.s, parts.s.size() - 1, 1e-300);
  const Index rank = gap.rank > 0 ? gap.rank : parts.s.size();
  constexpr double ridge = 0.1, slack = 1.02;
  constexpr Index sweeps = 150;
  RidgeSweeps iteration(training, best.A.leftCols(rank), best.B.leftCols(rank), ridge, 1e-10, spans);
  if (!course.drive(first_stage(spans) + gap_stage, "rank at the gap", iteration, 0, sweeps, 0.7, 0.8, best.state(), stalled))
    return false;
  const double h = heldout_rms(problem.heldout, spans, iteration);
  const double size = root_mean_square(training.value);
  if (h <= slack * best.heldout || h < exact * size) best = {iteration.A(), iteration.B(), h};
  return true;
}

}  // namespace

Spans spans_of(const SideInformation& side) {
  const auto orthonormal = [](const Matrix& F) -> Matrix {
    if (F.size() == 0) return {};
    const Svd parts = svd(F);
    Index kept = 0;
    while (kept < parts.s.size() && parts.s(kept) > 1e-10 * parts.s(0)) ++kept;
    return parts.U.leftCols(kept);
  };
  return {orthonormal(side.rows), orthonormal(side.cols)};
}

Index active_components(const Matrix& A, const Matrix& B) {
  if (A.cols() == 0) return 0;
  const Vector share = (A.cwiseAbs2().colwise().mean().array() * B.cwiseAbs2().colwise().mean().array()).matrix().transpose();
  const double least = 1e-3 * share.maxCoeff();
  Index active = 0;
  for (Index k = 0; k < share.size(); ++k) active += share(k) > least ? 1 : 0;
  return active;
}

void complete_low_rank(const Problem& problem, Course& course, Completed& answer, const Spans& spans) {
  const Entries training = arrange(problem.data, problem.heldout.fitted), all = arrange(problem.data);
  Candidate best{Matrix(training.rows(), 0), Matrix(training.cols(), 0)};
  best.restore(course.carried(first_stage(spans)));
  bool going = grow(problem, training, spans, course, best) && settle_rank(problem, training, spans, course, best);
  answer.holdout_error = best.heldout;
  RidgeSweeps finish(all, best.A, best.B, 0, 1e-12, spans);
  if (going && best.rank() > 0) {
    constexpr Index sweeps = 200;
    going = course.drive(first_stage(spans) + last_stage, "all entries", finish, 0, sweeps, 0.8, 1, best.state(), stalled);
  }
  answer.method = is_inductive(spans) ? "inductive" : "pursuit";
  answer.unknowns = static_cast<double>(numbers_of(best.rank(), spans, all.rows(), all.cols()));
  answer.rank = best.rank();
  const bool finite = finish.A().allFinite() && finish.B().allFinite();
  answer.strengths = best.rank() > 0 && finite ? product_svd(finish.A(), finish.B()).s : Vector(0);
  answer.training_error = finish.residual();
  const double n = static_cast<double>(all.count());
  // Entries beyond the unknowns alone tell of the noise.
  answer.noise_scale = finish.residual() * std::sqrt(n / std::max(n - answer.unknowns, 0.1 * n));
  const double size = root_mean_square(all.value);
  const double variance = std::max({answer.noise_scale * answer.noise_scale, 1e-24 * size * size, 1e-300});
  const Matrix& A = finish.A();
  const Matrix& B = finish.B();
  // Of the numbers that are free: within a span, the coefficients.
  const auto mean_square = [](const Matrix& F, const Matrix& span) {
    const double square = F.squaredNorm() / static_cast<double>(std::max<Index>(freedom(span, F.rows()) * F.cols(), 1));
    return square > 0 ? square : 1;
  };
  const auto posterior = [&](const Grouped& side, const Matrix& own, const Matrix& other, const Matrix& span) {
    Posterior p = rows_given(side, all.value, other, variance, mean_square(own, span), span);
    for (Index a = 0; a < side.count(); ++a) {
      if (span.size() > 0 || side.size(a) >= own.cols()) p.mean.row(a).head(own.cols()) = own.row(a);
    }
    return p;
  };
  const Posterior rows = posterior(all.by_row, A, B, spans.rows), cols = posterior(all.by_col, B, A, spans.cols);
  answer.row = to_factors(rows), answer.col = to_factors(cols);
  answer.row_unknown = average_row(rows), answer.col_unknown = average_row(cols);
  answer.choices.emplace_back("rank", fmt::format("{}, held-out error {:.3g}", answer.rank, best.heldout));
}

}  // namespace gossan::completing
