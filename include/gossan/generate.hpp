// Synthetic instances with their truth.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "gossan/complete.hpp"
#include "gossan/locate.hpp"
#include "gossan/matrix.hpp"
#include "gossan/operators.hpp"
#include "gossan/options.hpp"

namespace gossan {

struct GenerateLocateOptions {
  std::string metric = "euclidean";  // or "great-circle": points are latitude, longitude in degrees
  double radius = 6371.0;            // great-circle only
  double observed = 0.3;             // share of all pairs that are measured
  double lies = 0.3;                 // share of the measured ones replaced by uniform values up to the largest possible distance
  double noise = 0.0;                // relative standard deviation of honest distances
  double round = 0.0;                // honest distances are rounded to multiples of this; 0: not
  std::uint64_t seed = 0;
  Fields fields();
};
struct GeneratedDistances {
  Distances distances;
  std::vector<bool> lies;  // one a pair
};
// points: N x 2 (latitude, longitude) for great-circle, N x dimension for euclidean. A lie is uniform between 0 and pi R, or
// between 0 and the largest distance of the set.
GeneratedDistances generate_distances(const Matrix& points, GenerateLocateOptions options);

// Random point sets for locate: gaussian; clusters (max(N/25, 3) centres N(0, 16), spread .3); needle (first axis 1, others
// 1/axis_ratio).
struct GeneratePointsOptions {
  Index points = 200;
  Index dimension = 3;
  std::string shape = "gaussian";  // gaussian, clusters, needle
  double axis_ratio = 10.0;        // needle only
  std::uint64_t seed = 0;
  Fields fields();
};
Matrix generate_points(GeneratePointsOptions options);

struct GenerateSenseOptions {
  Index rows = 20;
  Index cols = 0;  // 0: symmetric PSD, rows x rows
  Index rank = 3;
  double condition = 10.0;           // singular values fall geometrically from 1 to 1 / condition
  std::string spectrum = {};         // or are these: "10, 5, 1"
  Index measurements = 0;            // 0: 10 (rows + cols) rank
  double corrupted = 0.1;            // share of wrong measurements
  std::string kind = "huge";         // huge, moderate, sign-flip, one-sided, structured, normal
  double magnitude = 10.0;           // normal: wrong ones are off by N(0, magnitude^2)
  double noise = 0.0;                // standard deviation of Gaussian noise, relative to the rms of A(X)
  std::string ensemble = "stored";   // stored: N(0, 1) entries in A; or the name of an implicit ensemble (docs/ensembles.md)
  std::string generator = "philox";  // implicit ensembles only
  std::uint64_t seed = 0;
  Fields fields();
};
struct GeneratedSensing {
  Matrix A;  // n x (rows cols), independent N(0, 1) entries, not symmetrised; empty where they are implicit
  std::optional<ImplicitOptions> implicit;  // what A is then
  std::vector<double> y;
  Matrix X;  // rows x cols, the truth
  Index rows = 0, cols = 0, rank = 0;
  std::vector<bool> corrupted;  // n
};
GeneratedSensing generate_sensing(GenerateSenseOptions options);

// Entries of a random low-rank matrix.
struct GenerateEntriesOptions {
  Index rows = 100;
  Index cols = 0;  // 0: symmetric PSD, rows x rows; its entries (i, j) and (j, i) are seen or not independently
  Index rank = 3;
  double condition = 10.0;    // singular values fall geometrically from 1 to 1 / condition
  std::string spectrum = {};  // or are these: "10, 5, 1"
  double observed = 0.3;      // chance of every entry to be seen
  std::uint64_t seed = 0;
  Fields fields();
};
struct GeneratedEntries {
  Index rows = 0, cols = 0;
  std::vector<Index> i, j;
  std::vector<double> value;
  Matrix X;  // rows x cols, the truth
};
GeneratedEntries generate_entries(GenerateEntriesOptions options);

// Ratings: row (i, j) is centre + bias_i + bias_j + <u_i, v_j> + noise, rounded to the nearest level; a share is drawn at random
// from the levels, another turned round.
struct GenerateRatingsOptions {
  Index rows = 300, cols = 200;
  Index rank = 3;
  double observed = 0.2;  // chance of every place to be rated
  Index levels = 5;       // ratings are 1 .. levels; 0: they are not rounded, and the centre is 0
  double bias = 0.4;      // standard deviation of the effects of rows, and of columns
  double taste = 0.8;     // standard deviation of the low-rank part
  double noise = 0.6;     // of a rating, before it is rounded
  double random = 0.0;    // share of ratings drawn evenly from the levels (levels 0: from the range of the honest ones)
  double reversed = 0.0;  // share of ratings turned round about the centre
  std::uint64_t seed = 0;
  Fields fields();
};
struct GeneratedRatings {
  Ratings ratings;                          // in row order
  std::vector<bool> bad;                    // random or reversed
  double centre = 0;                        // of the scale
  Vector row_bias, col_bias;                // rows, cols
  Matrix row_factors, col_factors;          // rows x rank, cols x rank
  double expected(Index i, Index j) const;  // before noise and rounding
};
GeneratedRatings generate_ratings(GenerateRatingsOptions options);

}  // namespace gossan
