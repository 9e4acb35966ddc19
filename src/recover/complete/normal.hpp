// The normal distribution, many times over: from a table, to ten digits.
#pragma once

namespace gossan::completing {

struct Normal {
  double density = 0;     // phi(x)
  double cumulative = 0;  // Phi(x)
};
Normal normal_at(double x);

double normal_quantile(double p);  // 0 < p < 1

}  // namespace gossan::completing
