// Tall tables with a planted truth.
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "gossan/random.hpp"
#include "gossan/rpca.hpp"

namespace gossan::testing {

struct Planting {
  Index rows = 3000, cols = 60, rank = 3;
  double noise = .05;           // standard deviation; entries of the truth have about sqrt(rank)
  double wrong = .15;           // share of the entries
  double least = 2, most = 10;  // sizes of the errors, all of one sign where one_sided
  bool one_sided = false;
  double missing = 0;
  std::uint64_t seed = 1;
};

struct Planted {
  Matrix X, Y;
  std::vector<bool> wrong;
};

inline Planted plant(const Planting& how) {
  Planted made;
  made.X =
      normal_matrix(how.rows, how.rank, Random(how.seed, 1)) * normal_matrix(how.cols, how.rank, Random(how.seed, 2)).transpose();
  made.Y = made.X;
  made.wrong.resize(static_cast<std::size_t>(made.X.size()));
  const Random noise(how.seed, 3), kind(how.seed, 4), size(how.seed, 5), sign(how.seed, 6);
  for (Index e = 0; e < made.X.size(); ++e) {
    double& y = made.Y.data()[e];
    y += how.noise * noise.normal(e);
    const double drawn = kind.uniform(e);
    if (drawn < how.wrong) {
      const double error = how.least + (how.most - how.least) * size.uniform(e);
      y += how.one_sided || sign.uniform(e) < .5 ? error : -error;
      made.wrong[static_cast<std::size_t>(e)] = true;
    } else if (drawn > 1 - how.missing) {
      y = std::numeric_limits<double>::quiet_NaN();
    }
  }
  return made;
}

inline TableRows table_of(const Matrix& Y) {
  return {Y.rows(), Y.cols(),
          [&Y](Index first, std::span<double> out) { std::copy_n(Y.data() + first * Y.cols(), out.size(), out.data()); }};
}

// Over all rows but the worst thousandth: one that has hardly more honest entries than the rank is anybody's guess.
inline double relative_error(const Decomposed& found, const Matrix& X) {
  const Vector squares = (found.L * found.R.transpose() - X).rowwise().squaredNorm();
  std::vector<double> sorted(squares.data(), squares.data() + squares.size());
  std::sort(sorted.begin(), sorted.end());
  sorted.resize(sorted.size() - sorted.size() / 1000);
  double sum = 0;
  for (const double each : sorted) sum += each;
  return std::sqrt(sum) / X.norm();
}

// Of least squares told the rank and the honest entries, in expectation.
inline double oracle_error(const Planting& how, const Matrix& X) {
  const double numbers = static_cast<double>(how.rank * (how.rows + how.cols - how.rank));
  return how.noise * std::sqrt(numbers / (1 - how.wrong - how.missing)) / X.norm();
}

}  // namespace gossan::testing
