// From a map that is right in the large to one at the noise: l1 majorisation, annealed Levenberg-Marquardt, and points that
// disagree with too many of their distances placed anew, until nothing changes.
#pragma once

#include "recover/locate/driver.hpp"
#include "recover/locate/residual.hpp"

namespace gossan::locating {

struct Fit {
  Matrix V;  // points x r
  Law law = Law::constant;
  double scale = 0;              // of honest residuals, in units of the law
  double share = 0;              // of consistent pairs
  std::vector<double> residual;  // in units of the law
  std::vector<bool> agrees;      // consistent pairs
  double evidence = 0;           // description length saved, see describe()
};

struct FinishOptions {
  Law law = Law::constant;
  Index majorisation_steps = 25;
  int rounds = 6;
  double hopeless = -1e300;  // a fit that saves less than this after the first round is returned as it is
  std::uint64_t seed = 0;
};
Fit finish(const Graph& graph, Matrix V, FinishOptions options, Driver& driver, Index& passes);

// Levenberg-Marquardt on all pairs at the final cut, from a finished map.
Fit polish(const Graph& graph, Matrix V, Law law, Driver& driver, Index& passes);

// What the map saves over naming every distance plainly, in nats: with residuals modelled as a share q of N(0, s^2) and lies
// uniform over a range 2L, L the largest distance that is not an exception,
//   sum_e [ log( q N(res_e; 0, s_e^2) + (1 - q) / 2L ) + log 2L ] - N r log(2L / s).
// An honest pair earns about log(L/s), a coordinate costs log(2L/s).
double description_length(const Graph& graph, const Fit& fit);

}  // namespace gossan::locating
