// Planted matrices and ratings, and judges that share no code with the recovery.
#pragma once

#include <cmath>
#include <vector>

#include "gossan/complete.hpp"
#include "gossan/generate.hpp"
#include "gossan/random.hpp"

namespace gossan {

struct PlantedEntries {
  Ratings data;
  Matrix X;
};

// Of a random low-rank matrix with entries of root mean square 1, each with noise.
inline PlantedEntries planted_entries(GenerateEntriesOptions options, double noise = 0) {
  const GeneratedEntries made = generate_entries(options);
  const double scale = std::sqrt(static_cast<double>(made.X.size())) / made.X.norm();
  PlantedEntries planted{{made.rows, made.cols, made.i, made.j, made.value}, scale * made.X};
  const Random random(options.seed, 901);
  for (std::size_t e = 0; e < planted.data.value.size(); ++e)
    planted.data.value[e] = scale * planted.data.value[e] + noise * random.normal(static_cast<Index>(e));
  return planted;
}

// Every place, by the formula of the header.
inline Matrix whole(const Completed& c) {
  Matrix X = c.row.factor * c.col.factor.transpose();
  X.colwise() += c.row.bias;
  X.rowwise() += c.col.bias.transpose();
  X.array() += c.mean;
  return X;
}

inline double relative(const Matrix& X, const Matrix& truth) { return (X - truth).norm() / truth.norm(); }

// Root mean square of the predictions less what is expected at these places.
inline double error_at(const GeneratedRatings& made, const EntryModel& model, const std::vector<Index>& i,
                       const std::vector<Index>& j) {
  std::vector<double> mean(i.size()), sd(i.size());
  predict(model, i, j, mean, sd);
  double sum = 0;
  for (std::size_t e = 0; e < i.size(); ++e) {
    const double truth = std::min(std::max(made.expected(i[e], j[e]), model.least), model.most);
    sum += (mean[e] - truth) * (mean[e] - truth);
  }
  return std::sqrt(sum / static_cast<double>(i.size()));
}

// The same at places drawn anew.
inline double unseen_error(const GeneratedRatings& made, const Completed& completed) {
  const Random random(9, 902);
  std::vector<Index> i, j;
  for (Index k = 0; k < 4000; ++k) {
    i.push_back(random.below(2 * k, completed.rows));
    j.push_back(random.below(2 * k + 1, completed.cols));
  }
  return error_at(made, completed, i, j);
}

}  // namespace gossan
