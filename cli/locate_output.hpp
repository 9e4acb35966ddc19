// What `gossan locate` writes: tables of points and flagged pairs, and the report.
#pragma once

#include <optional>
#include <string>

#include "distances_file.hpp"
#include "gossan/locate.hpp"
#include "gossan/report.hpp"
#include "run_folder.hpp"
#include "summary.hpp"
#include "true_points.hpp"

namespace gossan::cli {

// A locate run as its outputs see it.
struct LocateRun {
  const NamedDistances& data;
  const LocateOptions& options;
  const Located& located;
  const std::optional<TruePoints>& truth;
  const std::optional<TruthReport>& compared;

  bool spherical() const { return options.metric == "great-circle"; }
  bool placed(Index i) const { return located.placement[static_cast<std::size_t>(i)] == Placement::placed; }
  std::string id(Index i) const { return data.ids[static_cast<std::size_t>(i)]; }
  std::string name(Index i) const;   // empty where none is known
  std::string label(Index i) const;  // the name, else the id
};

// N x 2: latitude, longitude of the placed points of the largest piece, NaN elsewhere. Laid over the truth where there is one,
// else in an arbitrary orientation about the centre of the fitted sphere. Empty where the metric or the rank does not allow it.
Matrix map_coordinates(const LocateRun& run);

Matrix placed_points(const LocateRun& run);  // located.points, NaN where undetermined
std::string points_csv(const LocateRun& run);
std::string flagged_csv(const LocateRun& run);

Report locate_report(const LocateRun& run, const Summary& summary);

}  // namespace gossan::cli
