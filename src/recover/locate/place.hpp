// Robust multilateration: where one point belongs, given trusted neighbours and distances of which many may be lies.
#pragma once

#include <optional>
#include <span>

#include "gossan/random.hpp"
#include "recover/locate/residual.hpp"

namespace gossan::locating {

struct Neighbours {
  Matrix places;                 // m x r
  std::vector<double> distance;  // m
  std::vector<double> unit;      // m
  double typical = 1;            // median distance of the whole graph
};

struct PlacedPoint {
  Vector place;          // r
  Index consistent = 0;  // neighbours whose distance agrees with it
};

// How many neighbours agree with a place.
Index count_consistent(const Neighbours& neighbours, const Vector& place, double scale);

// Gauss-Newton on Tukey's biweight from `place`, the cut falling by .6 a step to 4.685 scales.
Vector refine_place(const Neighbours& neighbours, Vector place, double scale);

// The distances of v to its neighbours u with good[u].
Neighbours neighbours_of(const Graph& graph, std::span<const double> unit, const Matrix& V, Index v,
                         const std::vector<bool>& good);

// (distance to neighbour n of a point at `place` - its measured distance) / unit
double misfit(const Neighbours& neighbours, Index n, const Vector& place);

// The best of 300 linear multilaterations from r+1 random neighbours and the present place, polished by Gauss-Newton on Tukey's
// biweight with a falling cut. Nothing with fewer than r+1 neighbours.
std::optional<PlacedPoint> place_point(const Neighbours& neighbours, const Vector& present, double scale, const Random& random);

}  // namespace gossan::locating
