// The pairs as a graph: edges in input order, and each point's pairs side by side, so that sums over a point's pairs are gathered
// by one thread in a fixed order.
#pragma once

#include <span>
#include <vector>

#include "gossan/matrix.hpp"

namespace gossan::locating {

inline std::size_t at(Index k) { return static_cast<std::size_t>(k); }

constexpr Index point_block = 32;  // of loops over points

struct Graph {
  Index points = 0;
  std::vector<Index> i, j;       // E: the two ends of each pair
  std::vector<double> distance;  // E
  double typical = 1;            // median of the positive distances
  std::vector<Index> first;      // points + 1: where a point's half-edges start
  std::vector<Index> neighbour;  // 2E: the other end of each half-edge
  std::vector<Index> pair;       // 2E: the pair of each half-edge

  Index pairs() const { return static_cast<Index>(i.size()); }
  Index degree(Index v) const { return first[at(v) + 1] - first[at(v)]; }
};

Graph make_graph(Index points, std::vector<Index> i, std::vector<Index> j, std::vector<double> distance);

// The pairs e with keep[e], on the same points.
Graph select(const Graph& graph, const std::vector<bool>& keep);

// Connected component of every point over the pairs with keep[e] between points with alive[v]; numbered from 0 by falling size,
// -1 for points that are not alive.
std::vector<Index> components(const Graph& graph, const std::vector<bool>& keep, const std::vector<bool>& alive);

// How many pairs with keep[e] each point has.
std::vector<Index> count_pairs(const Graph& graph, const std::vector<bool>& keep);

}  // namespace gossan::locating
