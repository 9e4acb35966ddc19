// How many dimensions, and which noise law: by description length.
#pragma once

#include <map>

#include "recover/locate/finish.hpp"
#include "recover/locate/start.hpp"

namespace gossan::locating {

class RankSearch {
 public:
  RankSearch(const Graph& graph, const Started& started, std::uint64_t seed, Driver& driver, Index& passes);

  // The fit that saves the most; `told` > 0: of that rank alone.
  Fit best(Index told);
  // The finished fit of rank r, made if need be.
  const Fit& fit(Index r);
  const std::map<Index, Fit>& tried() const { return fits_; }
  Index top() const { return top_; }

 private:
  double saved(Index r) { return fit(r).evidence; }
  void finish_from(Index r, const Matrix& V);
  void descend(Index from, Index to);  // every rank from..to downwards, each also from the one above
  Index climb();
  Index strongest() const;
  bool try_proportional(Index r);  // whether noise proportional to the distance explains rank r better

  const Graph& graph_;
  const Started& started_;
  std::uint64_t seed_;
  Driver& driver_;
  Index& passes_;
  Index top_;
  double median_;
  std::map<Index, Fit> fits_;
};

}  // namespace gossan::locating
