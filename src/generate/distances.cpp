#include <algorithm>
#include <cmath>
#include <functional>
#include <numbers>
#include <stdexcept>

#include "generate/selection.hpp"
#include "gossan/generate.hpp"

namespace gossan {
namespace {

using Metric = std::function<double(Index, Index)>;

void check_points(const Matrix& points, const GenerateLocateOptions& options) {
  const auto refuse = [](Index row, const std::string& problem) {
    throw std::invalid_argument("generate_distances: point " + std::to_string(row) + ": " + problem);
  };
  if (points.rows() < 2)
    throw std::invalid_argument("generate_distances: needs at least 2 points, got " + std::to_string(points.rows()));
  if (points.cols() < 1) throw std::invalid_argument("generate_distances: points have no coordinates");
  for (Index i = 0; i < points.rows(); ++i) {
    if (!points.row(i).allFinite()) refuse(i, "coordinates must be finite numbers");
  }
  if (options.metric != "great-circle") return;
  if (points.cols() != 2) {
    throw std::invalid_argument("generate_distances: great-circle needs 2 columns, latitude and longitude, got " +
                                std::to_string(points.cols()));
  }
  for (Index i = 0; i < points.rows(); ++i) {
    if (std::abs(points(i, 0)) > 90) refuse(i, "latitude '" + std::to_string(points(i, 0)) + "' must be in [-90, 90]");
    if (std::abs(points(i, 1)) > 360) refuse(i, "longitude '" + std::to_string(points(i, 1)) + "' must be in [-360, 360]");
  }
}

// Vincenty's form of the great-circle distance, accurate for neighbours and antipodes alike.
double arc(double lat1, double lon1, double lat2, double lon2) {
  constexpr double degree = std::numbers::pi / 180;
  const double s1 = std::sin(lat1 * degree), c1 = std::cos(lat1 * degree);
  const double s2 = std::sin(lat2 * degree), c2 = std::cos(lat2 * degree);
  const double turn = (lon2 - lon1) * degree;
  const double across = std::hypot(c2 * std::sin(turn), c1 * s2 - s1 * c2 * std::cos(turn));
  return std::atan2(across, s1 * s2 + c1 * c2 * std::cos(turn));
}

double largest_distance(const Metric& distance, Index n) {
  double largest = 0;
  for (Index i = 0; i < n; ++i) {
    for (Index j = i + 1; j < n; ++j) largest = std::max(largest, distance(i, j));
  }
  return largest;
}

// The nearest multiple of `unit` (0: the value itself) in [0, limit].
double rounded(double value, double unit, double limit) {
  const double inside = std::clamp(value, 0.0, limit);
  if (unit <= 0) return inside;
  return std::min(std::round(inside / unit), std::floor(limit / unit)) * unit;
}

}  // namespace

Fields GenerateLocateOptions::fields() {
  return {
      {.name = "metric", .value = &metric, .help = "how distances are measured", .choices = {"euclidean", "great-circle"}},
      {.name = "radius", .value = &radius, .help = "radius of the sphere (great-circle only)", .least = 0, .above = true},
      {.name = "observed",
       .value = &observed,
       .help = "share of all pairs that is measured",
       .least = 0,
       .most = 1,
       .above = true},
      {.name = "lies", .value = &lies, .help = "share of the measured pairs replaced by lies", .least = 0, .most = 1},
      {.name = "noise", .value = &noise, .help = "relative standard deviation of honest distances", .least = 0},
      {.name = "round", .value = &round, .help = "distances are rounded to multiples of this; 0: not", .least = 0},
      seed_field(&seed),
  };
}

GeneratedDistances generate_distances(const Matrix& points, GenerateLocateOptions options) {
  check(options.fields(), "generate locate");
  check_points(points, options);
  const Index n = points.rows();
  const bool sphere = options.metric == "great-circle";
  const auto distance = [&](Index i, Index j) {
    if (!sphere) return (points.row(i) - points.row(j)).stableNorm();
    return options.radius * arc(points(i, 0), points(i, 1), points(j, 0), points(j, 1));
  };
  const double largest = sphere ? std::numbers::pi * options.radius : largest_distance(distance, n);
  // Noise may lengthen a Euclidean distance beyond the set; on a sphere nothing is further than the antipode.
  const double limit = sphere ? largest : std::numeric_limits<double>::max();

  const Index pairs = n * (n - 1) / 2;
  const Index measured = generate::share_of(options.observed, pairs);
  if (measured == 0) {
    throw std::invalid_argument("option 'observed' of generate locate: value '" + std::to_string(options.observed) +
                                "' measures none of the " + std::to_string(pairs) + " pairs, expected a larger share");
  }
  generate::Selection observe(pairs, measured, Random(options.seed, 101));
  generate::Selection lie(measured, generate::share_of(options.lies, measured), Random(options.seed, 102));
  const Random lie_values(options.seed, 103), noise(options.seed, 104);

  GeneratedDistances made;
  made.distances.points = n;
  for (Index i = 0; i < n; ++i) {
    for (Index j = i + 1; j < n; ++j) {
      if (!observe.next()) continue;
      const auto e = static_cast<Index>(made.lies.size());
      const bool is_lie = lie.next();
      const double value = is_lie ? largest * lie_values.uniform(e) : distance(i, j) * (1 + options.noise * noise.normal(e));
      made.distances.i.push_back(i);
      made.distances.j.push_back(j);
      // Lies are rounded too: otherwise their decimals would give them away.
      made.distances.distance.push_back(rounded(value, options.round, is_lie ? largest : limit));
      made.lies.push_back(is_lie);
    }
  }
  return made;
}

}  // namespace gossan
