#include "gossan/methods.hpp"

namespace gossan {
namespace {

// A row with the parts that the paper pairs the method with. Steps are those for one symmetric factor; for a pair, whose
// gradients lack the factor 2, they are twice as long.
template <class Options>
MethodRow row_with(std::string name, std::string help, std::unique_ptr<Method> (*make)(Options, Schedule), Companions companions,
                   std::vector<Need> needs = {}) {
  return {row(std::move(name), std::move(help), make, std::move(needs)), std::move(companions)};
}

}  // namespace

const std::vector<MethodRow>& methods() {
  static const std::vector<MethodRow> table{
      row_with("subgradient", "theta - eta_k g, from a small start: the rank need not be known (Ma & Fattahi 2023)", subgradient,
               {.loss = "absolute", .schedule = "normalised-geometric", .init = "small-random"}),
      row_with("momentum", "v = beta v + g; theta - eta_k v (heavy ball)", momentum,
               {.loss = "absolute",
                .schedule = "normalised-geometric",
                .init = "small-random",
                .settings = {{"schedule.step", "0.07"}, {"init.alpha", "1e-8"}}}),
      row_with("gradient-descent", "theta - eta_k grad f, the smooth squared loss, from a small start", gradient_descent,
               {.loss = "squared", .schedule = "constant", .init = "small-random", .settings = {{"schedule.step", "0.1"}}}),
      row_with("perturbed-gd", "gradient descent and tiny random perturbations, which leave saddles (Ma, Liang & Fattahi 2025)",
               perturbed_gd,
               {.loss = "squared", .schedule = "constant", .init = "small-random", .settings = {{"schedule.step", "0.1"}}}),
      row_with("scaled-sm", "sub-gradients divided by the Gram matrices of the factors (Tong, Ma & Chi 2021)", scaled_sm,
               {.loss = "absolute",
                .schedule = "gradient-normalised-geometric",
                .init = "truncated-spectral",
                .settings = {{"schedule.step", "0.5"}, {"schedule.ratio", "0.95"}}},
               {Need::rank}),
      row_with(
          "scaled-gd", "gradients divided by the Gram matrices: indifferent to conditioning (Tong, Ma & Chi 2021)", scaled_gd,
          {.loss = "squared", .schedule = "constant", .init = "spectral", .settings = {{"schedule.step", "0.25"}}}, {Need::rank}),
      row_with("scaled-gd-lambda", "gradients divided by damped Gram matrices, a fixed damping (Xu, Shen, Chi & Ma 2023)",
               scaled_gd_lambda,
               {.loss = "squared", .schedule = "constant", .init = "small-random", .settings = {{"schedule.step", "0.25"}}}),
      row_with("prec-gd", "gradients divided by Gram matrices, damped by the size of the error (Zhang, Fattahi & Zhang 2023)",
               prec_gd, {.loss = "squared", .schedule = "constant", .init = "spectral", .settings = {{"schedule.step", "0.25"}}}),
      row_with("opsa", "sub-gradients divided by damped Gram matrices, a fixed damping (Giampouras, Cai & Vidal 2025)", opsa,
               {.loss = "absolute", .schedule = "polyak", .init = "truncated-spectral"}),
      row_with("alternating-gauss-newton", "a Gauss-Newton step for L, then for R; for a pair alone (Jia, Feng, Meng & Sun 2024)",
               alternating_gauss_newton,
               {.model = "factor-pair",
                .loss = "squared",
                .schedule = "constant",
                .init = "small-random",
                .settings = {{"schedule.step", "0.25"}, {"init.alpha", "1"}}}),
      row_with("double-over-parameterisation",
               "corruption as parameters g o g - h o h with a step of its own (You, Zhu, Qu & Ma 2020)",
               double_over_parameterisation,
               {.loss = "squared",
                .schedule = "constant",
                .init = "small-random",
                .settings = {{"schedule.step", "0.1"}, {"init.alpha", "1e-3"}},
                .objective = double_over_parameterised_fit}),
      row_with("proximal-gradient", "prox of a penalty after a gradient step, on the matrix itself (Combettes & Wajs 2005)",
               proximal_gradient,
               {.model = "full-matrix",
                .loss = "squared",
                .schedule = "constant",
                .init = "small-random",
                .penalty = "nuclear",
                .settings = {{"schedule.step", "0.2"}}}),
      row_with("accelerated-proximal-gradient", "the same from a point ahead, FISTA with restarts (Beck & Teboulle 2009)",
               accelerated_proximal_gradient,
               {.model = "full-matrix",
                .loss = "squared",
                .schedule = "constant",
                .init = "small-random",
                .penalty = "nuclear",
                .settings = {{"schedule.step", "0.2"}}}),
  };
  return table;
}

}  // namespace gossan
