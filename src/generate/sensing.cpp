#include <cmath>
#include <stdexcept>
#include <string>

#include "generate/low_rank.hpp"
#include "generate/selection.hpp"
#include "gossan/generate.hpp"
#include "gossan/operators.hpp"

namespace gossan {
namespace {

// A(X).
Vector measure(const GeneratedSensing& made, Index n, const Matrix& X) {
  if (!made.implicit) return made.A * Eigen::Map<const Vector>(X.data(), X.size());
  Vector z(n);
  predict(*implicit(*made.implicit), X, Matrix::Identity(X.cols(), X.cols()), {z.data(), static_cast<std::size_t>(n)});
  return z;
}

void check_sizes(const GeneratedSensing& shape, Index n, bool stored) {
  generate::check_rank(shape.rank, shape.rows, shape.cols, "generate sense");
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
  Fields list = generate::matrix_fields(rows, cols, rank, condition, spectrum);
  const Fields own = {
      {.name = "measurements", .value = &measurements, .help = "number of measurements; 0: 10 (rows + cols) rank", .least = 0},
      {.name = "corrupted", .value = &corrupted, .help = "share of wrong measurements", .least = 0, .most = 1},
      {.name = "kind",
       .value = &kind,
       .help = "what wrong measurements look like",
       .choices = {"huge", "moderate", "sign-flip", "one-sided", "structured", "normal"}},
      {.name = "magnitude",
       .value = &magnitude,
       .help = "kind normal: standard deviation of what is added to wrong measurements",
       .least = 0},
      {.name = "noise", .value = &noise, .help = "standard deviation of Gaussian noise, relative to the rms of A(X)", .least = 0},
      {.name = "ensemble",
       .value = &ensemble,
       .help = "measurement matrices: stored normal numbers, or implicit ones of which the name and seed are written",
       .choices = stored_or_implicit()},
      {.name = "generator", .value = &generator, .help = "of implicit ensembles' bits", .choices = {"philox", "ars"}},
      seed_field(&seed),
  };
  list.insert(list.end(), own.begin(), own.end());
  return list;
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

  const Vector s = generate::singular_values(made.rank, options.condition, options.spectrum, "generate sense");
  const auto draw = [&](std::uint64_t stream) {
    return generate::random_low_rank(made.rows, made.cols, s, symmetric, options.seed, stream);
  };
  made.X = draw(121);
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
    impostor = measure(made, n, draw(124));
  }

  const Random noise(options.seed, 126), wrong(options.seed, 127);
  const auto corruption = [&](Index e, double y) {
    if (options.kind == "moderate") return 3 * rms * (2 * wrong.uniform(e) - 1);
    if (options.kind == "sign-flip") return -y;
    if (options.kind == "one-sided") return y + 10 * rms * std::abs(wrong.normal(e));
    if (options.kind == "structured") return impostor(e);
    if (options.kind == "normal") return y + options.magnitude * wrong.normal(e);
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
