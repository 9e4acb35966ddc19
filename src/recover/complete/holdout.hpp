// The entries kept back to judge a fit, and what it says of them.
#pragma once

#include <vector>

#include "gossan/complete.hpp"

namespace gossan::completing {

struct Heldout {
  std::vector<Index> i = {}, j = {};
  std::vector<double> value = {};
  std::vector<bool> fitted = {};  // N: the others
};
// A random share of the entries; none where that would be fewer than 10.
Heldout hold_out(const Ratings& data, double share, std::uint64_t seed);

struct HeldoutError {
  double error = 0;     // root mean square
  double keep = 1;      // share of the entries, those of the smallest errors, that `trimmed` is of
  double trimmed = 0;   // root mean square of these
  double sd_scale = 1;  // by which standard deviations must be multiplied for 90 % to lie within 1.645 of them
  double coverage = 0;  // of the interval with that scale, found on one half and counted on the other; NaN: too few to say
};
HeldoutError judge_heldout(const Completed& answer, const Heldout& heldout, double keep = 1);

// Errors of the held-out values about the mean, row effects and column effects alone (each shrunk as by five entries).
std::vector<double> bias_errors(const Ratings& data, const Heldout& heldout);

double spread_of(const std::vector<double>& values);  // their standard deviation

// Root mean square of the `keep` share of smallest size; NaN of none.
double trimmed_rms(std::vector<double> errors, double keep);

}  // namespace gossan::completing
