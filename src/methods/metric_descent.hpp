// Descent along the gradient in another metric, theta - eta_k D g with a positive diagonal D: what (sub)gradient methods with
// steps of their own for some rows or blocks have in common.
#pragma once

#include <functional>
#include <memory>

#include "gossan/methods.hpp"

namespace gossan {

// Turns a gradient g into the direction D g, and returns <g, D g>^(1/2), the norm dual to D's metric, which is what Polyak's rule
// divides by.
using Metric = std::function<double(Params& gradient)>;

// `choose` gives the metric for a layout, or throws std::invalid_argument.
std::unique_ptr<Method> metric_descent(std::function<Metric(const Layout&)> choose, Schedule schedule);

}  // namespace gossan
