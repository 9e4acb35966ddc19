#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "gossan/io.hpp"
#include "gossan/locate.hpp"
#include "gossan/present.hpp"
#include "present/account.hpp"

namespace gossan {
namespace {

constexpr double unplaced = std::numeric_limits<double>::quiet_NaN();

bool in_largest_piece(const LocateRun& run, Index i) {
  return run.placed(i) && run.located.component[static_cast<std::size_t>(i)] == 0;
}

// Without a truth: seen from the centre of the sphere through the points.
Matrix centred_on_sphere(const LocateRun& run) {
  const Matrix& points = run.located.points;
  std::vector<Index> rows;
  for (Index i = 0; i < points.rows(); ++i) {
    if (in_largest_piece(run, i)) rows.push_back(i);
  }
  if (rows.empty()) return points;
  const Matrix taken = points(rows, Eigen::all);
  return points.rowwise() - sphere_centre(taken).transpose();
}

}  // namespace

void LocateRun::check() const {
  check_count(ids, pairs.points, "ids of points");
  check_count(names, pairs.points, "names of points");
  if (compared && truth == nullptr) throw std::invalid_argument("present: errors of points, but no truth that they are of");
}

bool LocateRun::spherical() const { return options.metric == "great-circle"; }

bool LocateRun::placed(Index i) const { return located.placement[static_cast<std::size_t>(i)] == Placement::placed; }

std::string LocateRun::id(Index i) const { return ids.empty() ? std::to_string(i) : ids[static_cast<std::size_t>(i)]; }

std::string LocateRun::name(Index i) const { return names.empty() ? std::string() : names[static_cast<std::size_t>(i)]; }

std::string LocateRun::label(Index i) const { return names.empty() || name(i).empty() ? id(i) : name(i); }

Matrix map_coordinates(const LocateRun& run) {
  const Index dimension = run.compared ? run.compared->aligned.cols() : run.located.points.cols();
  const bool possible = run.spherical() && dimension == 3;
  if (!possible) return {};
  const Matrix points = run.compared ? run.compared->aligned : centred_on_sphere(run);
  Matrix coordinates = Matrix::Constant(points.rows(), 2, unplaced);
  for (Index i = 0; i < points.rows(); ++i) {
    if (!in_largest_piece(run, i)) continue;
    const auto [latitude, longitude] = latitude_longitude(points.row(i).transpose());
    coordinates.row(i) << latitude, longitude;
  }
  return coordinates;
}

Matrix placed_points(const LocateRun& run) {
  Matrix points = run.located.points;
  for (Index i = 0; i < points.rows(); ++i) {
    if (!run.placed(i)) points.row(i).setConstant(unplaced);
  }
  return points;
}

std::string points_csv(const LocateRun& run) {
  run.check();
  const Matrix points = placed_points(run);
  const Matrix map = map_coordinates(run);
  const bool named = !run.names.empty();
  std::vector<std::string> header = {"id"};
  if (named) header.emplace_back("name");
  for (Index k = 0; k < points.cols(); ++k) header.push_back(fmt::format("x{}", k + 1));
  if (map.size() > 0) header.insert(header.end(), {"latitude", "longitude"});
  header.insert(header.end(), {"placement", "component"});
  if (run.compared) header.emplace_back("error");
  std::string text = csv_line(header);
  for (Index i = 0; i < points.rows(); ++i) {
    std::vector<std::string> cells = {run.id(i)};
    if (named) cells.push_back(run.name(i));
    for (Index k = 0; k < points.cols(); ++k) cells.push_back(csv_number(points(i, k)));
    for (Index k = 0; k < map.cols(); ++k) cells.push_back(csv_number(map(i, k)));
    const auto at = static_cast<std::size_t>(i);
    cells.emplace_back(run.placed(i) ? "placed" : "undetermined");
    cells.push_back(fmt::format("{}", run.located.component[at]));
    if (run.compared) cells.push_back(csv_number(run.compared->error[at]));
    text += csv_line(cells);
  }
  return text;
}

std::string flagged_pairs_csv(const LocateRun& run) {
  run.check();
  const Distances& pairs = run.pairs;
  const double diameter = 2 * run.options.radius;
  std::string text = "i,j,distance,recovered\n";
  for (std::size_t e = 0; e < pairs.distance.size(); ++e) {
    if (!run.located.outliers[e]) continue;
    // Residuals are lengths of straight lines; for arcs |v_i - v_j| is the chord, which is what can be turned back.
    const bool known = std::isfinite(run.located.residuals[e]);
    double recovered = known ? (run.located.points.row(pairs.i[e]) - run.located.points.row(pairs.j[e])).norm() : unplaced;
    if (run.spherical()) recovered = diameter * std::asin(std::min(1.0, recovered / diameter));
    text += csv_line(
        {run.id(pairs.i[e]), run.id(pairs.j[e]), csv_number(pairs.distance[e]), csv_number(known ? recovered : unplaced)});
  }
  return text;
}

}  // namespace gossan
