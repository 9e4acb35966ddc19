#include <gtest/gtest.h>

#include <Eigen/Eigenvalues>
#include <cmath>

#include "gossan/random.hpp"
#include "gossan/trajectory.hpp"
#include "sensing_problem.hpp"

namespace gossan {
namespace {

// The linear model X = w, a column.
class Linear final : public Model {
 public:
  explicit Linear(Index d) : d_(d) {}
  Layout layout() const override { return {{"w", d_, 1}}; }
  Factors factors(const Params& theta) override { return {theta[0].value, one_}; }
  void pullback(const Params& /*theta*/, const Matrix& GL, const Matrix& /*GR*/, Params& grad) override { grad[0].value = GL; }

 private:
  Index d_;
  Matrix one_ = Matrix::Constant(1, 1, 1);
};

// Gradient descent from 0 filters the spectrum of the second moments, h_t(s) = 1 - (1 - step s)^t: its iterates are known.
TEST(ThreeRun, OfLinearRegressionIsTheSpectralFilter) {
  const Index n = 30, d = 50;
  const double step = 0.2;
  const Matrix A = normal_matrix(n, d, Random(9, 1)), truth = normal_matrix(d, 1, Random(9, 2)) / std::sqrt(d);
  const Vector signal = A * truth, noise = 0.5 * normal_matrix(n, 1, Random(9, 3)).col(0);
  const auto op = design(A);
  Linear model(d);
  const auto loss = squared();
  const Descend descend = [&](std::span<const double> y, const Observer& observer) {
    const auto objective = data_fit(*op, model, *loss, y);
    const auto method = subgradient({}, constant({.step = step}, nullptr));
    minimise(*objective, *method, zeros(model.layout()), {.max_iterations = 100}, std::vector<Observer>{observer});
  };
  const std::span<const double> clean(signal.data(), static_cast<std::size_t>(n)),
      errors(noise.data(), static_cast<std::size_t>(n));
  const ExcessRisk found = three_run(descend, model, truth, clean, errors, 20);
  EXPECT_EQ(found.k, (std::vector<Index>{1, 20, 40, 60, 80, 100}));

  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> rows(A * A.transpose() / n);
  for (std::size_t row = 0; row < found.k.size(); ++row) {
    const auto at = [&](const Vector& y) -> Vector {
      const Vector s = rows.eigenvalues();
      const Vector filter = (1 - (1 - step * s.array()).pow(static_cast<double>(found.k[row]))) / s.array();
      return A.transpose() * (rows.eigenvectors() * (filter.asDiagonal() * (rows.eigenvectors().transpose() * y))) / n;
    };
    EXPECT_NEAR(found.bias[row], (at(signal) - truth.col(0)).squaredNorm(), 1e-9);
    EXPECT_NEAR(found.variance[row], at(noise).squaredNorm(), 1e-9);
    EXPECT_NEAR(found.risk[row], (at(signal) + at(noise) - truth.col(0)).squaredNorm(), 1e-9);
    EXPECT_LE(found.risk[row], 2 * found.bias[row] + 2 * found.variance[row]);
  }
  EXPECT_LT(found.bias.back(), found.bias.front());
  EXPECT_GT(found.variance.back(), found.variance.front());
}

// A small start fits noise later than signal, and a smaller one later still.
TEST(ThreeRun, ASmallerStartDelaysTheVariance) {
  const Index d = 30;
  Matrix X = Matrix::Zero(d, d);
  X.diagonal().head(3).setOnes();
  const auto A = full(d, d);
  const auto model = symmetric_factor({d, d, d});
  const auto loss = squared();
  std::vector<double> signal(X.data(), X.data() + X.size()), noise(signal.size(), 0.0);
  for (Index i = 0; i < d; ++i) noise[static_cast<std::size_t>(i * d + i)] = 0.1 * Random(2, 1).normal(i);
  const auto variance = [&](double alpha) {
    const Descend descend = [&](std::span<const double> y, const Observer& observer) {
      const auto objective = data_fit(*A, *model, *loss, y);
      const auto method = subgradient({}, constant({.step = 90}, nullptr));
      minimise(*objective, *method, {{"U", alpha * Matrix::Identity(d, d)}}, {.max_iterations = 60},
               std::vector<Observer>{observer});
    };
    const ExcessRisk curves = three_run(descend, *model, X, signal, noise, 60);
    EXPECT_LT(curves.bias.back(), 0.1 * curves.bias.front());
    return curves.variance.back();
  };
  EXPECT_LT(variance(1e-3), 0.1 * variance(1e-1));
}

TEST(ThreeRun, RefusesLengthsThatDiffer) {
  Linear model(2);
  const std::vector<double> two(2), three(3);
  EXPECT_THROW(three_run([](auto, const auto&) {}, model, Matrix::Zero(2, 1), two, three), std::invalid_argument);
}

}  // namespace
}  // namespace gossan
