// The true points, where --truth gives them.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "distances_file.hpp"
#include "gossan/locate.hpp"

namespace gossan::cli {

struct TruePoints {
  Matrix points;                   // one row a point of the distances; on the sphere in space for great-circle
  Matrix latitude_longitude;       // N x 2 in degrees; great-circle only
  std::vector<std::string> names;  // N; empty without a column `name`
};

// A CSV with latitude and longitude (great-circle), or with x1, x2, ... or other columns of numbers (euclidean); name optional.
// Points are looked up by a column `id` where there is one, else integer ids by row (the first is 0) and other ids by `name`.
TruePoints read_true_points(const std::filesystem::path& file, const NamedDistances& data, const LocateOptions& options);

// Columns latitude and longitude of a CSV, in degrees; throws BadFile where one is missing or out of range.
Matrix read_latitude_longitude(const std::filesystem::path& file);
// Its columns of coordinates: x1, x2, ... where the header names x1, else all that hold numbers only, `id` and `name` apart.
Matrix read_coordinates(const std::filesystem::path& file);

}  // namespace gossan::cli
