#include <Eigen/QR>
#include <cmath>
#include <stdexcept>
#include <string>

#include "generate/selection.hpp"
#include "gossan/generate.hpp"
#include "gossan/operators.hpp"

namespace gossan {
namespace {

Matrix random_orthonormal(Index rows, Index cols, const Random& random) {
  const Eigen::HouseholderQR<Eigen::MatrixXd> qr(normal_matrix(rows, cols, random));
  return qr.householderQ() * Eigen::MatrixXd::Identity(rows, cols);
}

// U diag(s) V^T with random orthonormal U and V (V = U where symmetric); s falls geometrically from 1 to 1 / condition.
Matrix random_low_rank(const GeneratedSensing& shape, double condition, bool symmetric, std::uint64_t seed,
                       std::uint64_t stream) {
  Vector s(shape.rank);
  for (Index k = 0; k < shape.rank; ++k) {
    s(k) = shape.rank == 1 ? 1 : std::pow(condition, -static_cast<double>(k) / static_cast<double>(shape.rank - 1));
  }
  const Matrix U = random_orthonormal(shape.rows, shape.rank, Random(seed, stream));
  const Matrix V = symmetric ? U : random_orthonormal(shape.cols, shape.rank, Random(seed, stream + 1));
  return U * s.asDiagonal() * V.transpose();
}

// A(X).
Vector measure(const GeneratedSensing& made, Index n, const Matrix& X) {
  if (!made.implicit) return made.A * Eigen::Map<const Vector>(X.data(), X.size());
  Vector z(n);
  predict(*implicit(*made.implicit), X, Matrix::Identity(X.cols(), X.cols()), {z.data(), static_cast<std::size_t>(n)});
  return z;
}

void check_sizes(const GeneratedSensing& shape, Index n, bool stored) {
  if (shape.rank > std::min(shape.rows, shape.cols)) {
    throw std::invalid_argument("option 'rank' of generate sense: value '" + std::to_string(shape.rank) +
                                "' must be <= the smaller of rows and cols, " + std::to_string(std::min(shape.rows, shape.cols)));
  }
  if (!stored) return;
  constexpr Index most = Index{1} << 31;  // numbers: 16 GiB
  if (shape.rows > most / shape.cols || n > most / (shape.rows * shape.cols)) {
    throw std::invalid_argument(
        "generate sense: measurements x rows x cols exceeds 2^31 numbers (16 GiB); an implicit ensemble stores none");
  }
}

std::vector<std::string> stored_or_implicit() {
  std::vector<std::string> names = ensemble_names();
  names.insert(names.begin(), "stored");
  return names;
}

}  // namespace

Fields GenerateSenseOptions::fields() {
  constexpr double most = 1e6;
  return {
      {.name = "rows", .value = &rows, .help = "rows of the matrix", .least = 1, .most = most},
      {.name = "cols", .value = &cols, .help = "columns of the matrix; 0: symmetric PSD, rows x rows", .least = 0, .most = most},
      {.name = "rank", .value = &rank, .help = "rank of the matrix", .least = 1, .most = most},
      {.name = "condition", .value = &condition, .help = "largest singular value over the smallest", .least = 1},
      {.name = "measurements", .value = &measurements, .help = "number of measurements; 0: 10 (rows + cols) rank", .least = 0},
      {.name = "corrupted", .value = &corrupted, .help = "share of wrong measurements", .least = 0, .most = 1},
      {.name = "kind",
       .value = &kind,
       .help = "what wrong measurements look like",
       .choices = {"huge", "moderate", "sign-flip", "one-sided", "structured"}},
      {.name = "noise", .value = &noise, .help = "standard deviation of Gaussian noise, relative to the rms of A(X)", .least = 0},
      {.name = "ensemble",
       .value = &ensemble,
       .help = "measurement matrices: stored normal numbers, or implicit ones of which the name and seed are written",
       .choices = stored_or_implicit()},
      {.name = "generator", .value = &generator, .help = "of implicit ensembles' bits", .choices = {"philox", "ars"}},
      {.name = "seed", .value = &seed, .help = "seed of the random numbers"},
  };
}

GeneratedSensing generate_sensing(GenerateSenseOptions options) {
  check(options.fields(), "generate sense");
  GeneratedSensing made;
  const bool symmetric = options.cols == 0;
  made.rows = options.rows;
  made.cols = symmetric ? options.rows : options.cols;
  made.rank = options.rank;
  const Index n = options.measurements > 0 ? options.measurements : 10 * (made.rows + made.cols) * made.rank;
  const bool stored = options.ensemble == "stored";
  check_sizes(made, n, stored);

  made.X = random_low_rank(made, options.condition, symmetric, options.seed, 121);
  if (stored) {
    made.A = normal_matrix(n, made.rows * made.cols, Random(options.seed, 123));
  } else {
    made.implicit = {.ensemble = options.ensemble,
                     .generator = options.generator,
                     .seed = options.seed,
                     .measurements = n,
                     .rows = made.rows,
                     .cols = made.cols,
                     .symmetric = symmetric};
  }
  const Vector clean = measure(made, n, made.X);
  const double rms = clean.norm() / std::sqrt(static_cast<double>(n));
  Vector impostor;
  if (options.kind == "structured") {
    impostor = measure(made, n, random_low_rank(made, options.condition, symmetric, options.seed, 124));
  }

  const Random noise(options.seed, 126), wrong(options.seed, 127);
  const auto corruption = [&](Index e, double y) {
    if (options.kind == "moderate") return 3 * rms * (2 * wrong.uniform(e) - 1);
    if (options.kind == "sign-flip") return -y;
    if (options.kind == "one-sided") return y + 10 * rms * std::abs(wrong.normal(e));
    if (options.kind == "structured") return impostor(e);
    return y + 10 * rms * wrong.normal(e);
  };
  generate::Selection corrupt(n, generate::share_of(options.corrupted, n), Random(options.seed, 128));
  for (Index e = 0; e < n; ++e) {
    const double y = clean(e) + options.noise * rms * noise.normal(e);
    const bool is_wrong = corrupt.next();
    made.y.push_back(is_wrong ? corruption(e, y) : y);
    made.corrupted.push_back(is_wrong);
  }
  return made;
}

}  // namespace gossan
