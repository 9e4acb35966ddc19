#include "recover/locate/graph.hpp"

#include <algorithm>
#include <iterator>
#include <numeric>

namespace gossan::locating {
Graph make_graph(Index points, std::vector<Index> i, std::vector<Index> j, std::vector<double> distance) {
  Graph graph;
  graph.points = points;
  graph.i = std::move(i);
  graph.j = std::move(j);
  graph.distance = std::move(distance);
  const std::size_t pairs = graph.i.size();
  std::vector<double> positive;
  std::copy_if(graph.distance.begin(), graph.distance.end(), std::back_inserter(positive), [](double d) { return d > 0; });
  if (!positive.empty()) {
    const auto middle = positive.begin() + static_cast<std::ptrdiff_t>(positive.size() / 2);
    std::nth_element(positive.begin(), middle, positive.end());
    graph.typical = *middle;
  }

  graph.first.assign(at(points) + 1, 0);
  for (std::size_t e = 0; e < pairs; ++e) {
    ++graph.first[at(graph.i[e]) + 1];
    ++graph.first[at(graph.j[e]) + 1];
  }
  std::partial_sum(graph.first.begin(), graph.first.end(), graph.first.begin());

  graph.neighbour.resize(2 * pairs);
  graph.pair.resize(2 * pairs);
  std::vector<Index> next(graph.first.begin(), graph.first.end() - 1);
  for (std::size_t e = 0; e < pairs; ++e) {
    const auto add = [&](Index from, Index to) {
      const std::size_t slot = at(next[at(from)]++);
      graph.neighbour[slot] = to;
      graph.pair[slot] = static_cast<Index>(e);
    };
    add(graph.i[e], graph.j[e]);
    add(graph.j[e], graph.i[e]);
  }
  return graph;
}

Graph select(const Graph& graph, const std::vector<bool>& keep) {
  std::vector<Index> i;
  std::vector<Index> j;
  std::vector<double> distance;
  for (std::size_t e = 0; e < graph.i.size(); ++e) {
    if (!keep[e]) continue;
    i.push_back(graph.i[e]);
    j.push_back(graph.j[e]);
    distance.push_back(graph.distance[e]);
  }
  return make_graph(graph.points, std::move(i), std::move(j), std::move(distance));
}

std::vector<Index> components(const Graph& graph, const std::vector<bool>& keep, const std::vector<bool>& alive) {
  std::vector<Index> label(at(graph.points), -1);
  std::vector<Index> sizes;
  std::vector<Index> queue;
  for (Index seed = 0; seed < graph.points; ++seed) {
    if (!alive[at(seed)] || label[at(seed)] >= 0) continue;
    const auto name = static_cast<Index>(sizes.size());
    queue.assign(1, seed);
    label[at(seed)] = name;
    for (std::size_t head = 0; head < queue.size(); ++head) {
      const Index v = queue[head];
      for (Index h = graph.first[at(v)]; h < graph.first[at(v) + 1]; ++h) {
        const Index u = graph.neighbour[at(h)];
        if (label[at(u)] >= 0 || !alive[at(u)] || !keep[at(graph.pair[at(h)])]) continue;
        label[at(u)] = name;
        queue.push_back(u);
      }
    }
    sizes.push_back(static_cast<Index>(queue.size()));
  }

  std::vector<Index> order(sizes.size());
  std::iota(order.begin(), order.end(), Index{0});
  std::stable_sort(order.begin(), order.end(), [&](Index a, Index b) { return sizes[at(a)] > sizes[at(b)]; });
  std::vector<Index> renamed(sizes.size());
  for (std::size_t k = 0; k < order.size(); ++k) renamed[at(order[k])] = static_cast<Index>(k);
  for (Index& name : label) name = name < 0 ? -1 : renamed[at(name)];
  return label;
}

std::vector<Index> count_pairs(const Graph& graph, const std::vector<bool>& keep) {
  std::vector<Index> count(at(graph.points), 0);
  for (std::size_t e = 0; e < graph.i.size(); ++e) {
    if (!keep[e]) continue;
    ++count[at(graph.i[e])];
    ++count[at(graph.j[e])];
  }
  return count;
}

}  // namespace gossan::locating
