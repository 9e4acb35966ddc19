// Robust PCA: a low-rank matrix from a table of its entries, some of them grossly wrong and some missing.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "gossan/evidence.hpp"
#include "gossan/function_ref.hpp"
#include "gossan/matrix.hpp"
#include "gossan/observers.hpp"
#include "gossan/operators.hpp"
#include "gossan/options.hpp"
#include "gossan/recover.hpp"
#include "gossan/run.hpp"
#include "gossan/watch.hpp"

namespace gossan {

// A table m x n, of which an entry that was not observed is NaN. read(first, out) fills whole rows from row `first` on.
struct TableRows {
  Index rows = 0, cols = 0;
  ReadRows read = {};
};

// A matrix as a table; it must outlive that.
TableRows table_of(const Matrix& Y);
// Calls body(i, row) for every row, in order; reads some at a time.
void each_row(const TableRows& Y, function_ref<void(Index i, const double* row)> body);

struct RpcaOptions {
  std::string method = "auto";  // a row of rpca_methods()
  Index rank = 0;               // at most; 0: found
  double holdout = 0.05;        // share of the observed entries kept back for the verdict
  std::uint64_t seed = 0;
  Fields fields();
};

struct Decomposed {
  Matrix L, R;  // m x rank, n x rank: X = L R^T, columns of both of length sqrt(singular value) and orthogonal
  Index rank = 0;
  Vector singular_values;  // of X, descending, rank of them; after those of the fit that the rank was read from, if it had more
  double noise_scale = 0;  // standard deviation of honest residuals; 0 where the honest entries are met exactly
  double outlier_cut = 0;  // |Y - X| beyond which an entry is called an outlier
  // What rows (m) and columns (n) were divided by before the fit: powers of two near their medians where these differed much,
  // else 1. noise_scale and outlier_cut are of the divided entries.
  Vector row_unit, col_unit;
  double zero_row_unit = 1;    // that of rows whose median is 0
  std::vector<bool> outliers;  // m n, row-major; false where nothing was observed
  Index observed = 0;
  double outlier_fraction = 0;                      // of the observed entries
  double holdout_median = 0, training_median = 0;   // |X - Y| of the fit that left the held-out entries out
  std::vector<Index> unseen_rows, unseen_cols;      // with no observed entry: X is 0 there, which says nothing
  std::vector<Index> doubtful_rows, doubtful_cols;  // fewer honest entries than chance allows
  Evidence evidence;
  History history;
  Status status = Status::converged;
  Index sweeps = 0;  // passes over the table
  Choices choices;   // what was chosen for the user, in order
};

// Throws std::invalid_argument on an empty table, one that holds infinity or numbers beyond 1e150, and bad options.
Decomposed rpca(const TableRows& Y, RpcaOptions options, const Watch& watch = {});
Decomposed rpca(const Matrix& Y, RpcaOptions options, const Watch& watch = {});

// The method of tall tables of real measurements, video before all: a rank that held-out entries ask for, read on a sample of the
// rows, then Huber and trimmed sweeps over all of them. Y is read in blocks of rows, some ten times, and never held: beyond it
// and the answer's mask (a bit an entry) it takes O((m + n) r) memory (rank_path_workspace). Same errors as rpca(), whose method
// "rank-path" it is.
Decomposed rank_path(const TableRows& Y, const RpcaOptions& options, const Watch& watch = {});

// What the recovery of an m x n table takes beyond the table as the caller holds it, in bytes.
double rpca_workspace(Index rows, Index cols);
double rank_path_workspace(Index rows, Index cols, Index rank);

// What a recovery by this method will take: bytes beyond the table as the caller holds it, and seconds as measured on two cores
// of some 3 GHz, within a factor of some few.
struct RpcaCost {
  double workspace = 0, seconds = 0;
};
RpcaCost rpca_cost(Index rows, Index cols, const std::string& method);

struct RpcaMethod {
  std::string name;
  std::string help;  // one line
};
const std::vector<RpcaMethod>& rpca_methods();

}  // namespace gossan
