// The recovery where every entry is noisy: the lowest rank that held-out entries do not speak against, then least squares on what
// is within three noise scales.
#pragma once

#include <string>
#include <vector>

#include "gossan/evidence.hpp"
#include "recover/rpca/course.hpp"
#include "recover/rpca/starts.hpp"

namespace gossan::robust_pca {

inline constexpr double noisy_cut = 3;  // noise scales within which an entry is honest

struct NoisyFit {
  TableFactors X;    // of the fitted entries
  double scale = 0;  // of the noise
  Vector values;     // singular values of the start that the rank was read from
  std::string member = "none";
};
NoisyFit fit_noise(const ObservedTable& table, Starts& starts, Course& course);

// Rounds of trimmed least squares, the scale read anew in each.
NoisyFit trimmed_fit(const ObservedTable& table, NoisyFit fit, Index rounds);

inline constexpr double most_residuals = 8e6;
// |residual| of every fitted entry, or of the sample where they are more than that.
std::vector<double> fitted_sizes(const ObservedTable& table, const TableFactors& X);

}  // namespace gossan::robust_pca
