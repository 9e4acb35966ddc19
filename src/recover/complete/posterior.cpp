#include "recover/complete/posterior.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "linalg/kernels/gather.hpp"

namespace gossan::completing {
namespace {

// A (K x K, lower triangle) becomes its Cholesky factor; false where it is not positive definite.
bool cholesky(double* A, Index K) {
  for (Index k = 0; k < K; ++k) {
    for (Index l = 0; l <= k; ++l) {
      double sum = A[k * K + l];
      for (Index j = 0; j < l; ++j) sum -= A[k * K + j] * A[l * K + j];
      if (l < k) {
        A[k * K + l] = sum / A[l * K + l];
      } else {
        if (!(sum > 0)) return false;
        A[k * K + k] = std::sqrt(sum);
      }
    }
  }
  return true;
}

// Of the inverse of L L^T the lower triangle, packed. L becomes its inverse.
void inverse_of_factor(double* L, Index K, double* packed_inverse) {
  for (Index k = 0; k < K; ++k) {
    const double pivot = 1 / L[k * K + k];
    L[k * K + k] = pivot;
    for (Index l = 0; l < k; ++l) {
      double sum = 0;
      for (Index j = l; j < k; ++j) sum += L[k * K + j] * L[j * K + l];
      L[k * K + l] = -sum * pivot;
    }
  }
  for (Index k = 0; k < K; ++k) {
    for (Index l = 0; l <= k; ++l) {
      double sum = 0;
      for (Index j = k; j < K; ++j) sum += L[j * K + k] * L[j * K + l];
      packed_inverse[packed(k, l)] = sum;
    }
  }
}

struct RowSpace {
  Vector sums, linear, square, right;
  std::vector<double> weight, weighted_target;
};

// A += P_a and right += P_a mean_a.
void add_prior(const PriorView& prior, Index a, Index K, double* A, Vector& right) {
  for (Index k = 0; k < K; ++k) {
    if (prior.precision == nullptr) {
      A[k * K + k] += (*prior.alpha)(k);
      right(k) += (*prior.alpha)(k)*prior.mean(a, k);
      continue;
    }
    for (Index l = 0; l <= k; ++l) {
      const double p = (*prior.precision)(a, packed(k, l));
      A[k * K + l] += p;
      right(k) += p * prior.mean(a, l);
      if (l < k) right(l) += p * prior.mean(a, k);
    }
  }
}

void solve_row(const Moments& others, const Fitted& fit, const PriorView& prior, Index a, RowSpace& space, Posterior& posterior) {
  const Index R = others.rank, K = R + 1;
  const double* sums = space.sums.data();
  const double* cross = sums + packed_size(R);
  const double* linear = sums + others.factor_at();  // sum of w f, w, w b
  double* A = space.square.data();
  const double scale = 1 / fit.variance;
  for (Index k = 0; k < R; ++k) {
    for (Index l = 0; l <= k; ++l) A[k * K + l] = scale * sums[packed(k, l)];
    A[R * K + k] = scale * linear[k];
  }
  A[R * K + R] = scale * linear[R];
  for (Index k = 0; k < K; ++k) {
    const double crossed = k < R ? cross[k] : linear[R + 1];
    space.right(k) = scale * (space.linear(k) - fit.offset * linear[k] - crossed);
  }
  add_prior(prior, a, K, A, space.right);
  double* C = posterior.covariance.data() + a * packed_size(K);
  if (!cholesky(A, K)) {  // no finite numbers came in: they show in the mean
    posterior.mean.row(a).setConstant(std::numeric_limits<double>::quiet_NaN());
    return;
  }
  inverse_of_factor(A, K, C);
  for (Index k = 0; k < K; ++k) {
    double sum = 0;
    for (Index l = 0; l <= k; ++l) sum += C[packed(k, l)] * space.right(l);
    for (Index l = k + 1; l < K; ++l) sum += C[packed(l, k)] * space.right(l);
    posterior.mean(a, k) = sum;
  }
}

// The record whose product with another side's gives E[(f . g + b + c)^2].
void dual_record(const double* record, Index R, double* dual) {
  const Index at = packed_size(R) + R;
  for (Index k = 0; k < R; ++k) {
    for (Index l = 0; l < k; ++l) dual[packed(k, l)] = 2 * record[packed(k, l)];
    dual[packed(k, k)] = record[packed(k, k)];
    dual[packed_size(R) + k] = 2 * record[at + k];
    dual[at + k] = 2 * record[packed_size(R) + k];
  }
  dual[at + R] = record[at + R + 2];
  dual[at + R + 1] = 2 * record[at + R + 1];
  dual[at + R + 2] = 1;
}

void record_of(const double* x, const double* C, Index R, double* record) {
  for (Index k = 0; k <= R; ++k) {
    for (Index l = 0; l <= k && packed(k, l) < packed_size(R) + R; ++l) record[packed(k, l)] = C[packed(k, l)] + x[k] * x[l];
  }
  double* rest = record + packed_size(R) + R;
  for (Index k = 0; k < R; ++k) rest[k] = x[k];
  rest[R] = 1;
  rest[R + 1] = x[R];
  rest[R + 2] = C[packed(R, R)] + x[R] * x[R];
}

Index record_stride(Index R) { return (packed_size(R) + 2 * R + 3 + 7) / 8 * 8; }

}  // namespace

void Posterior::rescale(const Vector& d) {
  mean = mean * d.asDiagonal();
  for (Index k = 0; k < d.size(); ++k) {
    for (Index l = 0; l <= k; ++l) covariance.col(packed(k, l)) *= d(k) * d(l);
  }
}

Index invert_each(const Matrix& matrices, Index K, Matrix& inverse) {
  inverse.resize(matrices.rows(), matrices.cols());
  Vector square(K * K);
  for (Index a = 0; a < matrices.rows(); ++a) {
    for (Index k = 0; k < K; ++k)
      for (Index l = 0; l <= k; ++l) square(k * K + l) = matrices(a, packed(k, l));
    if (!cholesky(square.data(), K)) return a;
    inverse_of_factor(square.data(), K, inverse.data() + a * inverse.cols());
  }
  return -1;
}

void moments(const Posterior& posterior, Moments& out) {
  const Index R = posterior.rank(), stride = record_stride(R);
  out.rank = R;
  if (out.records.rows() != posterior.count() || out.records.cols() != stride)
    out.records = Matrix::Zero(posterior.count(), stride);
  parallel_blocks(posterior.count(), 256, [&](Index, Index first, Index last) {
    for (Index a = first; a < last; ++a)
      record_of(posterior.mean.data() + a * (R + 1), posterior.covariance.data() + a * packed_size(R + 1), R,
                out.records.data() + a * stride);
  });
}

void update_rows(const Grouped& side, const Moments& others, const Fitted& fit, const PriorView& prior, Posterior& posterior) {
  const Index R = others.rank, K = R + 1, stride = others.records.cols();
  parallel_blocks(side.count(), row_block(side.count()), [&](Index, Index first, Index last) {
    RowSpace space{Vector(stride), Vector(K + 1), Vector(K * K), Vector(K), {}, {}};
    for (Index a = first; a < last; ++a) {
      const auto from = static_cast<std::size_t>(side.start[static_cast<std::size_t>(a)]);
      const auto count = static_cast<std::size_t>(side.size(a));
      space.weight.resize(count);
      space.weighted_target.resize(count);
      for (std::size_t k = 0; k < count; ++k) {
        const std::size_t e = side.entry.empty() ? from + k : side.entry[from + k];
        space.weight[k] = fit.weight[e];
        space.weighted_target[k] = fit.weight[e] * fit.target[e];
      }
      space.sums.setZero();
      space.linear.setZero();
      const auto n = static_cast<Index>(count);
      gather_add(n, side.other.data() + from, space.weight.data(), others.records.data(), stride, stride, space.sums.data());
      gather_add(n, side.other.data() + from, space.weighted_target.data(), others.records.data() + others.factor_at(), stride, K,
                 space.linear.data());
      solve_row(others, fit, prior, a, space, posterior);
    }
  });
}

void predict_rows(const Grouped& side, const Posterior& rows, const Moments& cols, Index from, Index to, double* mean,
                  double* variance) {
  const Index R = cols.rank, K = R + 1, stride = cols.records.cols();
  Vector record = Vector::Zero(stride), dual = Vector::Zero(stride), linear(K + 1);
  for (Index a = from; a < to; ++a) {
    const Index start = side.start[static_cast<std::size_t>(a)] - side.start[static_cast<std::size_t>(from)], n = side.size(a);
    const std::uint32_t* other = side.other.data() + side.start[static_cast<std::size_t>(a)];
    const double* x = rows.mean.data() + a * K;
    record_of(x, rows.covariance.data() + a * packed_size(K), R, record.data());
    dual_record(record.data(), R, dual.data());
    std::copy(x, x + K, linear.data());
    linear(K) = 1;
    gather_dots(n, other, cols.records.data() + cols.factor_at(), stride, K + 1, linear.data(), mean + start);
    gather_dots(n, other, cols.records.data(), stride, stride, dual.data(), variance + start);
    for (Index k = start; k < start + n; ++k) variance[k] = std::max(0.0, variance[k] - mean[k] * mean[k]);
  }
}

}  // namespace gossan::completing
