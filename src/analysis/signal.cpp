// The decomposition behind the analysis of small starts: Ma & Fattahi 2023, section on the dynamics. Costs O(d^2 r) a reading.
#include <cmath>
#include <limits>
#include <utility>

#include "analysis/split.hpp"
#include "gossan/linalg.hpp"
#include "gossan/trajectory.hpp"

namespace gossan {
namespace {

// An orthonormal basis of the row space of M, as columns. Rows may differ by many orders of magnitude, as directions that are
// learnt and others that are not yet do: they are brought to the same length first, which leaves the space as it is.
Matrix row_space(const Matrix& M) {
  Matrix columns = M.transpose();
  for (Index k = 0; k < columns.cols(); ++k) columns.col(k).stableNormalize();
  const Svd parts = svd(columns);
  if (parts.s.size() == 0) return parts.U;
  const double rounding = std::numeric_limits<double>::epsilon() * static_cast<double>(parts.s.size()) * parts.s(0);
  return parts.U.leftCols((parts.s.array() > rounding).count());
}

double product_norm(const Matrix& A, const Matrix& B) { return (A * B.transpose()).norm(); }

}  // namespace

Gauge signal_and_residual(Svd truth) {
  const auto read = [truth = std::move(truth)](const Iterate& /*at*/, const Factors& X, std::span<double> values) {
    const SignalSplit at(X, truth);
    const Matrix P = row_space(at.SL + at.SR);
    const Matrix FL = at.EL * P, FR = at.ER * P;  // by their coordinates in the row space
    const Matrix GL = at.EL - FL * P.transpose(), GR = at.ER - FR * P.transpose();
    const Matrix short_of = Matrix(truth.s.asDiagonal()) - at.SL * at.SR.transpose();
    const double cross = std::hypot(product_norm(at.SL, at.ER), product_norm(at.EL, at.SR)) / std::sqrt(2.0);
    const double residual = product_norm(at.EL, at.ER);
    values[0] = std::hypot(short_of.norm(), std::sqrt(2.0) * cross, residual);
    values[1] = short_of.norm();
    values[2] = cross;
    values[3] = residual;
    values[4] = product_norm(FL, FR);
    values[5] = product_norm(GL, GR);
  };
  return {"Signal and residual", {"error", "signal", "cross", "residual", "aligned", "stray"}, read};
}

}  // namespace gossan
