// Linear measurements z_e = <A_e, L R^T> of a rows x cols matrix that is known by its factors L (rows x r) and R (cols x r).
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

#include "gossan/function_ref.hpp"
#include "gossan/matrix.hpp"
#include "gossan/options.hpp"

namespace gossan {

// What a sweep does with the predictions of one block of measurements: z comes in, weights go out in place. Every measurement is
// judged exactly once, and blocks may be judged at the same time by several threads. The blocks depend on the operator alone,
// never on the number of threads, and none but the last has fewer than Operator::granule measurements.
struct Judge {
  template <class Exact>
  requires std::is_invocable_v<Exact&, Index, std::span<double>> Judge(Exact&& exact)  // NOLINT: a lambda is passed as it is
      : exact(exact) {}
  Judge(function_ref<void(Index, std::span<double>)> exact, function_ref<void(Index, std::span<float>)> rough)
      : exact(exact), rough(rough) {}

  function_ref<void(Index first, std::span<double> z)> exact;
  // Present: predictions with the accuracy of single precision will do, and operators that are faster so hand out such.
  std::optional<function_ref<void(Index first, std::span<float> z)>> rough;
};

class Operator {
 public:
  static constexpr Index granule = 4;

  virtual ~Operator() = default;
  virtual Index rows() const = 0;
  virtual Index cols() const = 0;
  virtual Index measurements() const = 0;
  // ONE pass over the data: per block, z = A_b(L R^T); judge(first, z); GL += A_b*(z) R and GR += A_b*(z)^T L.
  // GL (rows x r) and GR (cols x r) are overwritten; both null: predictions only, the judge's weights are ignored. Sweeps of one
  // operator may run at the same time. Throws std::invalid_argument on factors of the wrong shape.
  virtual void sweep(const Matrix& L, const Matrix& R, Judge judge, Matrix* GL, Matrix* GR) const = 0;
  // Sweeps judge the caller's measurement order()[e] at place e; empty: in the caller's order. Operators sort what they must
  // read anyway, and a caller sorts its y once.
  virtual std::span<const std::uint32_t> order() const { return {}; }
};

// The values of the caller's measurements in the order of the sweeps, and back.
std::vector<double> to_sweep_order(const Operator& A, std::span<const double> values);
std::vector<double> to_caller_order(const Operator& A, std::span<const double> values);

// Optional talent of operators that hold their matrices densely: the whole adjoint S = sum_e w_e A_e (rows x cols) of a sweep.
class WholeAdjoint {
 public:
  virtual ~WholeAdjoint() = default;
  virtual void sweep_whole(const Matrix& L, const Matrix& R, Judge judge, Matrix& S) const = 0;
};

// Optional talent: an operator of some consecutive measurements, over the same data, which must outlive it. Its sweep costs what
// they cost.
class Slices {
 public:
  virtual ~Slices() = default;
  virtual Index slice_step() const = 0;  // slices begin at multiples of this
  virtual std::unique_ptr<Operator> slice(Index first, Index count) const = 0;
};

// Optional talent of operators that keep the measurements in a form of their own: the memory that it takes, in bytes.
class Footprint {
 public:
  virtual ~Footprint() = default;
  virtual Index bytes() const = 0;
};

// Optional talent: how far predictions for a judge that asks for rough ones may be off, as a share of their size.
class RoughError {
 public:
  virtual ~RoughError() = default;
  virtual double rough_error() const = 0;
};
double rough_error(const Operator& A);  // 1e-7, single precision's, of one without the talent

// These take and give z and w in the caller's order.
void predict(const Operator& A, const Matrix& L, const Matrix& R, std::span<double> z);
// GL = A*(w) R, GR = A*(w)^T L for given weights w.
void adjoint_times(const Operator& A, std::span<const double> w, const Matrix& L, const Matrix& R, Matrix& GL, Matrix& GR);
Matrix whole_adjoint(const Operator& A, std::span<const double> w);  // A*(w), formed: for small problems and tests
// ||A*(w)||, the largest singular value; NaN where w is not finite.
double operator_norm(const Operator& A, std::span<const double> w);

// What measurement matrices are stored in: IEEE double, single and half, bfloat16, whole numbers from -127 to 127.
enum class Storage { f64, f32, f16, bf16, i8 };
std::string to_string(Storage storage);

// Fills `out` with as many whole rows as it holds, from row `first` on. dense() calls it on several threads at a time.
using ReadRows = std::function<void(Index first, std::span<double> out)>;

struct DenseOptions {
  // Numbers are rounded to the nearest one; predictions are those of the rounded matrices. With f32 and less, A*(w) is summed in
  // single precision over some hundred measurements at a time, in double beyond: to 1e-7 of the size of what is summed.
  Storage storage = Storage::f64;
  // The operator of the matrices (A_i + A_i^T) / 2, of which the upper triangle is held: half the memory and time. Where the
  // unknown is a U U^T, predictions and gradients with respect to U are those of the A_i themselves.
  bool symmetric = false;
  // Beside f64: a copy for judges that ask for no more (rough_error).
  std::optional<Storage> rough_copy = std::nullopt;
};

// n matrices rows x cols, row-major each; z_i = <A_i, X>. Throws std::invalid_argument on a number that is not finite or that the
// storage does not hold: beyond its range, or for i8 not a whole number. What `read` throws comes out.
std::unique_ptr<Operator> dense(const ReadRows& read, Index n, Index rows, Index cols, const DenseOptions& options = {});
// One matrix a row of A (n x rows cols), in double. Copies nothing: A must outlive the operator.
std::unique_ptr<Operator> dense(std::span<const double> A, Index n, Index rows, Index cols);
// The same, owning its data.
std::unique_ptr<Operator> dense(Matrix A, Index rows, Index cols);
// The narrowest storage that holds every number exactly, symmetrised where that is asked for: storage is then no source of error.
Storage choose_storage(const ReadRows& read, Index n, Index rows, Index cols, bool symmetric);
// What such rows may be copied in for judges that ask for rough predictions: f16 where that is asked for and holds the numbers to
// its full accuracy, but for those that are small beside the others; else f32 where that does.
std::optional<Storage> choose_rough_storage(const ReadRows& read, Index n, Index rows, Index cols, Storage asked);
// The operator of rows that are read anew, in order and ahead of the sums, in every sweep, on one thread at a time for each
// sweep. Of buffers and sums it takes up to memory_limit bytes for each sweep that runs at the same time; a limit that is too low
// is an invalid_argument which names the least. Bits of results depend on the limit. Reads all rows once, to see that they are
// finite. What `read` throws comes out of the sweep.
std::unique_ptr<Operator> streamed(ReadRows read, Index n, Index rows, Index cols, Index memory_limit);
// Linear regression: z = A x for A (n x d) and an unknown x, a d x 1 matrix.
std::unique_ptr<Operator> design(Matrix A);
// Quadratic measurements z_i = a_i^T X a_i, a_i the rows of a (n x d, row-major). Copies nothing: a must outlive the operator.
std::unique_ptr<Operator> rank_one(std::span<const double> a, Index n, Index d);
// z_i = a_i^T X b_i, a_i and b_i the rows of a (n x rows) and b (n x cols). Copies nothing.
std::unique_ptr<Operator> rank_one(std::span<const double> a, std::span<const double> b, Index n, Index rows, Index cols);
// The same, owning their data.
std::unique_ptr<Operator> rank_one(Matrix a);
std::unique_ptr<Operator> rank_one(Matrix a, Matrix b);
// Pairs (i_e, j_e) of `points` points; z_e = <(e_i - e_j)(e_i - e_j)^T, X>, the squared distance when X is a Gram matrix.
std::unique_ptr<Operator> differences(Index points, std::vector<Index> i, std::vector<Index> j);
// Entries (i_e, j_e); z_e = X_{i_e j_e}. Repeated entries are separate measurements. The order of the caller's entries does not
// change a bit of the gradients, unless entries are repeated. Keeps little more than 6 bytes an entry (Footprint).
std::unique_ptr<Operator> entries(Index rows, Index cols, std::vector<Index> i, std::vector<Index> j);
// Every entry, row by row: measurement e is X_ij with i = e / cols and j = e % cols. Stores nothing.
std::unique_ptr<Operator> full(Index rows, Index cols);

// Random measurement matrices that are never stored: entry by entry a pure function of these options, as docs/ensembles.md
// defines it for whoever wants to draw the same ones elsewhere.
struct ImplicitOptions {
  std::string ensemble = "rademacher";  // one of ensemble_names()
  std::string generator = "philox";     // philox, ars
  std::uint64_t seed = 0;
  Index measurements = 0, rows = 0, cols = 0;
  bool symmetric = false;  // A_i symmetric: its upper triangle is drawn, and mirrored
  Fields fields();
};
std::vector<std::string> ensemble_names();  // gaussian, gaussian-table, rademacher
std::unique_ptr<Operator> implicit(const ImplicitOptions& options);
// The definition, slowly: A_i, row-major, into rows x cols numbers.
void ensemble_row(const ImplicitOptions& options, Index i, std::span<double> row);

// A row of the operators' table. `make` builds one from an array of measurements as files hold it: its shape, and its values in
// C order (they are copied). rows and cols may be 0 where the array tells them.
struct OperatorRow {
  std::string name;
  std::string help;
  std::string input;  // what the array must look like
  std::function<std::unique_ptr<Operator>(std::span<const Index> shape, std::span<const double> values, Index rows, Index cols)>
      make;
  std::function<std::unique_ptr<Operator>(std::uint64_t seed)> sample;  // a small random one, for the laws
};
const std::vector<OperatorRow>& operators();

}  // namespace gossan
