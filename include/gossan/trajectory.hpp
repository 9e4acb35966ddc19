// What a run does on its way, beyond its objective. Gauges read numbers off the iterates and change nothing; docs/trajectories.md
// says what each number means.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "gossan/linalg.hpp"
#include "gossan/losses.hpp"
#include "gossan/models.hpp"
#include "gossan/observers.hpp"
#include "gossan/operators.hpp"
#include "gossan/run.hpp"

namespace gossan {

// --- gauges ------------------------------------------------------------------------------------------------------------------

struct Gauge {
  std::string title;                 // of its chart
  std::vector<std::string> columns;  // names of its numbers
  // The numbers at an iterate, whose factors after the step are X.
  std::function<void(const Iterate& at, const Factors& X, std::span<double> values)> read;
  // Called after every step, before read, where the gauge follows something of its own; may be empty.
  std::function<void(const Iterate& at, const Factors& X)> follow = {};
  // What it has followed so far, for checkpoints: all that restore needs; empty where it follows nothing.
  std::function<Params()> state = {};
  std::function<void(const Params&)> restore = {};
};

// Columns beside a history: row for row, the columns of the panels one after the other.
struct Trace {
  struct Panel {
    std::string title;
    std::vector<std::string> columns;
  };
  std::vector<Panel> panels;
  std::vector<std::vector<double>> rows;
};

// Appends a row whenever record() with the same `every` does. `trace` and `model` must outlive it.
Observer observe(Trace& trace, std::vector<Gauge> gauges, Model& model, Index every = 1);

// The true matrix of a simulation by its singular values above 1e-10 of the first, and their vectors: V, Sigma and, where it is
// positive semidefinite, V again. Throws std::invalid_argument where it is not finite, or 0.
Svd spectrum_of_truth(const Matrix& truth);

// effective_rank: the exponential of the entropy of the singular values, as shares of their sum (Roy & Vetterli 2007).
Gauge effective_rank();
double effective_rank(const Vector& singular_values);  // 0 of the matrix 0

// Signal S = V^T U and residual E = V_perp^T U, split into F = E P and G = E (I - P), P the projector on the row space of S (Ma &
// Fattahi 2023): signal ||Sigma - S S^T||, cross ||S E^T||, residual ||E E^T||, aligned ||F F^T||, stray ||G G^T||, and error
// ||X - X*||, all in Frobenius norm: error^2 = signal^2 + 2 cross^2 + residual^2. For a pair see docs/maths.md.
Gauge signal_and_residual(Svd truth);

// learnt_i, the share v_i^T X v_i / sigma_i of the leading true singular values, 12 at most. `emergence` gets, for each of all of
// them, the first step after which that share was a half; it must outlive the gauge.
Gauge learning(const Svd& truth, std::vector<std::optional<Index>>& emergence);

// generalisation_error: root mean square of <A_e, X - X*> over the measurements that are not marked in `fitted`, of which there
// must be some. Costs a sweep a reading. A and model must outlive it.
Gauge generalisation(const Operator& A, Model& model, const Matrix& truth, const std::vector<bool>& fitted);

// The signal subspace that moves with plain gradient descent of X = U U^T on this fit, V_{t+1} = (I - eta_t (Q_t + Q_t^T)) V_t
// made orthonormal, from the true one (Ma & Fattahi 2024): least and largest singular value of the signal V V^T U, norm of the
// residual U - V V^T U, drift ||V - V*|| and incoherence, the largest norm of a row of V. Costs a sweep a step. `start` is the
// first U; A and loss must outlive it. Throws std::invalid_argument where the truth is not positive semidefinite.
Gauge dynamic_subspace(const Operator& A, const Loss& loss, std::span<const double> y, const std::vector<bool>& fitted, Svd truth,
                       Matrix start);

// --- the way of a geometric rule ---------------------------------------------------------------------------------------------

// In units of the rule's step lengths.
struct Budget {
  double whole = 0;      // step / (1 - ratio): all that the steps add up to
  double travelled = 0;  // in the steps that were taken
  double needed = 0;     // to learn what was to be learnt; NaN: not known
};
Budget geometric_budget(double step, double ratio, Index steps);

// The way that the normalised geometric rule needs to learn the singular values of `wanted` one after the other from small
// factors: of number i, b_i = max(0, l_i - sigma_i sum_{j<i} b_j / sigma_j), l_i the logarithm of what its part of the factors
// must grow by, halved for a symmetric factor, whose gradients carry a factor 2. Infinite where the start has no part in it.
double needed_way(const Factors& start, const Svd& wanted);

// --- plateaus and stalls -----------------------------------------------------------------------------------------------------

// Where the objective stayed within 1 % for at least a twentieth of the run, but not all through it; in the order of the steps.
struct Plateau {
  Index from = 0, to = 0;  // steps
  double f = 0;            // the objective there
};
std::vector<Plateau> plateaus(const History& history);

// What the course of a run says against it, in sentences. structure_left: whether its residuals still add up in the adjoint.
std::vector<std::string> warnings(const History& history, const std::optional<Budget>& budget, bool structure_left);

// All of a run.
struct Trajectory {
  Trace trace;
  std::vector<std::optional<Index>> emergence;  // of the true singular values; empty without a truth
  std::optional<Budget> budget;                 // of a geometric rule
  std::vector<Plateau> plateaus;
  std::vector<std::string> warnings;
};

// --- signal against noise ----------------------------------------------------------------------------------------------------

// Three runs of one algorithm on y = A(X*) + e, on A(X*) and on e (Teng, Ma & Yuan 2022), and |X - X*|_F^2, the excess risk of
// measurements with independent entries of variance 1, along them: of the first, of the second (the bias), and of the third
// against 0 (the variance).
struct ExcessRisk {
  std::vector<Index> k;  // after the first step and every `every`-th, as far as all three runs came
  std::vector<double> risk, bias, variance;
};
// `descend` runs on the measurements it is given, from the same start and with the same random numbers every time, under this
// observer.
using Descend = std::function<void(std::span<const double> y, const Observer& observer)>;
ExcessRisk three_run(const Descend& descend, Model& model, const Matrix& truth, std::span<const double> signal,
                     std::span<const double> noise, Index every = 1);

}  // namespace gossan
