// A small planted sensing problem with every part that a gradient method needs.
#pragma once

#include <cmath>
#include <memory>
#include <utility>

#include "gossan/generate.hpp"
#include "gossan/losses.hpp"
#include "gossan/models.hpp"
#include "gossan/objectives.hpp"
#include "gossan/operators.hpp"
#include "gossan/random.hpp"

namespace gossan {

struct SensingProblem {
  explicit SensingProblem(GenerateSenseOptions options, Index search_rank = 0, std::unique_ptr<Loss> chosen = absolute())
      : truth(generate_sensing(std::move(options))),
        A(dense(std::span<const double>(truth.A.data(), static_cast<std::size_t>(truth.A.size())), truth.A.rows(), truth.rows,
                truth.cols)),
        symmetric(truth.X.rows() == truth.X.cols() && truth.X.isApprox(truth.X.transpose())),
        model(symmetric ? symmetric_factor(shape(search_rank)) : factor_pair(shape(search_rank))),
        loss(std::move(chosen)),
        objective(data_fit(*A, *model, *loss, truth.y)) {}

  ModelShape shape(Index search_rank) const { return {truth.rows, truth.cols, search_rank > 0 ? search_rank : truth.rank}; }

  // A random theta of unit scale.
  Params random_theta(std::uint64_t seed) const {
    Params theta = zeros(model->layout());
    for (std::size_t b = 0; b < theta.size(); ++b) {
      Matrix& value = theta[b].value;
      value = normal_matrix(value.rows(), value.cols(), Random(seed, 900 + b)) / std::sqrt(static_cast<double>(value.rows()));
    }
    return theta;
  }

  double error(const Params& theta) const {
    const Factors at = model->factors(theta);
    return (at.L * at.R.transpose() - truth.X).norm();
  }

  GeneratedSensing truth;
  std::unique_ptr<Operator> A;
  bool symmetric;
  std::unique_ptr<Model> model;
  std::unique_ptr<Loss> loss;
  std::unique_ptr<Objective> objective;
};

}  // namespace gossan
