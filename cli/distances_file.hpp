// Pairs of points with their distances, as people hold them: a CSV with the columns i, j, distance.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "gossan/locate.hpp"

namespace gossan::cli {

struct NamedDistances {
  Distances pairs;
  std::vector<std::string> ids;   // of points 0, 1, ..., as the file names them
  bool integer_ids = false;       // all of them: points are in numerical order; else in the order of their bytes
  std::vector<Index> id_numbers;  // with integer_ids
  std::string columns;            // which columns were read, where the header does not name i, j and distance; else empty
};

// The header is optional. Columns i, j and distance where it names them, else the first three. An id is an integer or any text;
// blanks around it do not count. Throws BadFile, naming the line, on distances that are negative or no numbers, empty ids, a pair
// of a point with itself and a pair that has come before.
NamedDistances read_distances(const std::filesystem::path& file);

}  // namespace gossan::cli
