// Laws of every model in the table.
#include <stdexcept>

#include "gossan/models.hpp"
#include "gossan/random.hpp"
#include "laws/named.hpp"

namespace gossan {

using ModelRow = Row<std::unique_ptr<Model>, ModelShape>;
void PrintTo(const ModelRow& row, std::ostream* out) { *out << row.name; }

namespace {

class ModelLaws : public testing::TestWithParam<ModelRow> {
 protected:
  static Params draw(const Layout& layout, std::uint64_t seed) {
    Params theta = zeros(layout);
    for (std::size_t b = 0; b < theta.size(); ++b)
      theta[b].value = normal_matrix(theta[b].value.rows(), theta[b].value.cols(), Random(seed, b));
    return theta;
  }
  std::unique_ptr<Model> make(ModelShape shape) const { return GetParam().make({}, shape); }
};

// Square shapes, which every model takes.
constexpr ModelShape shapes[] = {{1, 1, 1}, {7, 7, 3}, {5, 5, 8}};

TEST_P(ModelLaws, FactorsHaveTheShapeOfTheMatrix) {
  for (const ModelShape& shape : shapes) {
    const auto model = make(shape);
    const Params theta = draw(model->layout(), 1);
    const auto [L, R] = model->factors(theta);
    EXPECT_EQ(L.rows(), shape.rows);
    EXPECT_EQ(R.rows(), shape.cols);
    EXPECT_EQ(L.cols(), R.cols());
  }
}

// <(GL, GR), derivative of (L, R) along d> = <pullback(GL, GR), d>, the derivative by central differences.
TEST_P(ModelLaws, ThePullbackIsTheAdjointOfTheDerivative) {
  for (const ModelShape& shape : shapes) {
    const auto model = make(shape);
    const Params theta = draw(model->layout(), 2), d = draw(model->layout(), 3);
    const auto along = [&](double h, Matrix& L, Matrix& R) {
      Params moved = theta;
      add_scaled(moved, h, d);
      const Factors factors = model->factors(moved);
      L = factors.L;
      R = factors.R;
    };
    constexpr double h = 1e-5;
    Matrix L_plus, R_plus, L_minus, R_minus;
    along(h, L_plus, R_plus);
    along(-h, L_minus, R_minus);
    const Matrix GL = normal_matrix(L_plus.rows(), L_plus.cols(), Random(4, 0));
    const Matrix GR = normal_matrix(R_plus.rows(), R_plus.cols(), Random(4, 1));
    const double forward = (GL.cwiseProduct(L_plus - L_minus).sum() + GR.cwiseProduct(R_plus - R_minus).sum()) / (2 * h);
    Params grad = draw(model->layout(), 5);  // not zero: to be overwritten
    model->pullback(theta, GL, GR, grad);
    EXPECT_EQ(layout_of(grad), model->layout());
    EXPECT_NEAR(dot(grad, d), forward, 1e-8 * (norm(grad) * norm(d) + 1));
  }
}

TEST_P(ModelLaws, EmptyShapesAreRefused) {
  for (const ModelShape& shape : {ModelShape{0, 0, 1}, ModelShape{3, 3, 0}, ModelShape{-1, -1, 2}})
    EXPECT_THROW(make(shape), std::invalid_argument);
  EXPECT_THROW(GetParam().make({{"no_such_option", "1"}}, shapes[0]), std::invalid_argument);
}

INSTANTIATE_TEST_SUITE_P(Table, ModelLaws, testing::ValuesIn(models()), row_name<ModelRow>);

TEST(SymmetricFactor, SharesOneFactorAndRefusesOblongMatrices) {
  const auto model = symmetric_factor({4, 4, 2});
  const Params theta = zeros(model->layout());
  const auto [L, R] = model->factors(theta);
  EXPECT_EQ(&L, &R);
  EXPECT_THROW(symmetric_factor({4, 5, 2}), std::invalid_argument);
}

TEST(FactorPair, TakesOblongMatrices) {
  const auto model = factor_pair({4, 5, 2});
  EXPECT_EQ(model->layout(), (Layout{{"L", 4, 2}, {"R", 5, 2}}));
}

}  // namespace
}  // namespace gossan
