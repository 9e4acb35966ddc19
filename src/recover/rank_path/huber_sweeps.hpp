// Robust regressions of a table's rows and columns by turns, reading the table in blocks of rows and never holding it.
#pragma once

#include <cstdint>
#include <vector>

#include "gossan/linalg.hpp"
#include "gossan/rpca.hpp"
#include "gossan/run.hpp"

namespace gossan::rank_paths {

enum class Weights {
  huber,   // min(1, 1.5 s / |e|)
  trimmed  // 1 where |e| <= 3 s, else 0: unbiased by one-sided outliers, once s is right
};

inline constexpr double huber_clip = 1.5, trimmed_clip = 3.0;

// One step is one pass over m x n entries: each row of L by weighted least squares on R, with weights by its own residuals, then
// R on the new L with weights by the last residuals. In memory: L, R, and for each of at most 32 strips of rows n r (r + 3) / 2
// sums and a block of 64 rows. An entry that is NaN has weight 0.
class HuberSweeps final : public Iteration {
 public:
  // L: m x r. R: n x r. scale: s of the first step. Y must outlive it.
  HuberSweeps(const TableRows& Y, Matrix L, Matrix R, double scale, std::uint64_t seed);
  // L is yet to be found: the first step does that from R alone, by least squares and then with weights whose s falls from
  // `widest` to `scale`, a row as often as it takes to come to rest.
  HuberSweeps(const TableRows& Y, const Matrix& R, double scale, double widest, std::uint64_t seed);

  Iterate step() override;
  Params state() const override { return {{"L", L_}, {"R", R_}}; }
  void restore(const Params& state) override;

  void weigh_by(Weights weights) { weights_ = weights; }
  const Matrix& L() const { return L_; }
  const Matrix& R() const { return R_; }
  // Median |Y - L R^T| / .6745 over some hundred thousand entries at random, as the last step saw them: before R moved.
  double scale() const { return scale_; }
  std::vector<double> sampled_sizes() const;  // |Y - L R^T| of those
  // The last step's scale over that of the step before.
  double fall() const { return fall_; }

 private:
  struct Sums;
  void sweep_block(Index first, Index last, Sums& sums);
  void solve_columns(const std::vector<Sums>& strips);

  const TableRows& Y_;
  Matrix L_, R_;
  Matrix pairs_;  // n x r (r + 1) / 2: products R_ja R_jb, b <= a
  double scale_, fall_ = 1;
  Weights weights_ = Weights::huber;
  Index sampled_;  // entries of a row whose residuals tell the scale
  std::vector<std::int32_t> sample_columns_;
  std::vector<double> sample_;  // m x sampled_: |residual|, negative where nothing was observed
  double widest_ = 0;           // of the first step where L is yet to be found, else 0
  Index k_ = 0;
  Params theta_;
};

// Median |Y - L R^T| / .6745 of a sample like theirs.
double table_scale(const TableRows& Y, const Matrix& L, const Matrix& R, std::uint64_t seed);

// x of (G + tiny diag G) x = b for the lower triangle of G packed by rows, in place of b. What nothing determines is 0.
void solve_packed(double* G, double* b, Index r);

}  // namespace gossan::rank_paths
