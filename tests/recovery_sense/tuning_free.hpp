// Planted instances of the tuning-free recovery, and its answers beside their truth.
#pragma once

#include <cmath>
#include <string>

#include "gossan/operators.hpp"
#include "gossan/random.hpp"
#include "gossan/sense.hpp"
#include "sensing_problem.hpp"
#include "threads_guard.hpp"

namespace gossan {

struct Outcome {
  Sensed answer;
  double error = 0;
  bool trusted() const { return answer.evidence.verdict == Verdict::trusted; }
};

inline Outcome judged(Sensed answer, const Matrix& truth) {
  const Matrix X = answer.L * (answer.symmetric ? answer.L : answer.R).transpose();
  return {std::move(answer), (X - truth).norm() / truth.norm()};
}

inline Outcome recover(const Operator& A, std::span<const double> y, const Matrix& truth, const SenseOptions& options = {}) {
  const ThreadsGuard guard;
  set_threads(1);  // problems too small for two
  return judged(sense(A, y, options), truth);
}

inline Outcome recover(const GenerateSenseOptions& planted) {
  const GeneratedSensing made = generate_sensing(planted);
  const auto A = made.implicit ? implicit(*made.implicit) : dense(made.A, made.rows, made.cols);
  SenseOptions options;
  options.model = planted.cols == 0 ? "symmetric-factor" : "auto";
  return recover(*A, made.y, made.X, options);
}

inline std::string name(const GenerateSenseOptions& g) {
  return std::to_string(g.rows) + " x " + std::to_string(g.cols) + " rank " + std::to_string(g.rank) + ", " +
         std::to_string(g.measurements) + " measurements, " + std::to_string(g.corrupted) + " " + g.kind + ", seed " +
         std::to_string(g.seed);
}

// Instances drawn at random over sizes, ranks, spectra, numbers of measurements and kinds of corruption.
inline GenerateSenseOptions drawn(std::uint64_t seed, double most_corrupted, double least_per_number = 5,
                                  double most_per_number = 20) {
  const Random random(seed, 77);
  const char* kinds[] = {"huge", "moderate", "one-sided", "structured"};
  GenerateSenseOptions g;
  g.rows = 15 + static_cast<Index>(10 * random.uniform(0));
  g.rank = 1 + static_cast<Index>(5 * random.uniform(1));
  g.condition = g.rank == 1 ? 1 : std::pow(100, random.uniform(2));
  const double per_number = least_per_number * std::pow(most_per_number / least_per_number, random.uniform(3));
  g.measurements = static_cast<Index>(per_number * static_cast<double>(g.rows * g.rank));
  g.corrupted = most_corrupted * random.uniform(4);
  g.kind = kinds[static_cast<int>(4 * random.uniform(5))];
  g.seed = seed;
  return g;
}

// Quadratic (cols 0) or bilinear measurements of a matrix of rank 2.
struct RankOneProblem {
  RankOneProblem(Index rows, Index cols, Index n, double corrupted, std::uint64_t seed) {
    const bool quadratic = cols == 0;
    const Matrix F = normal_matrix(rows, 2, Random(seed, 1));
    const Matrix G = quadratic ? F : normal_matrix(cols, 2, Random(seed, 2));
    X = F * G.transpose();
    a = normal_matrix(n, rows, Random(seed, 3));
    b = quadratic ? a : normal_matrix(n, cols, Random(seed, 4));
    const Random random(seed, 5);
    for (Index e = 0; e < n; ++e) {
      y.push_back(a.row(e) * X * b.row(e).transpose());
      if (random.uniform(2 * e) < corrupted) y.back() += 10 * X.norm() * random.normal(2 * e + 1);
    }
  }
  Matrix X, a, b;
  std::vector<double> y;
};

}  // namespace gossan
