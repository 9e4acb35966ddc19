// The archive of a model of ratings.
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <functional>

#include "damaged_model.hpp"
#include "gossan/apply.hpp"
#include "gossan/generate.hpp"
#include "gossan/io.hpp"
#include "temporary_folder.hpp"

namespace gossan {
namespace {

class RatingsModelFile : public testing::Test {
 protected:
  static RatingsModel model_of(const std::string& method, double reversed = 0) {
    RatingsModel model{
        complete(generate_ratings({.rows = 30, .cols = 20, .observed = 0.6, .reversed = reversed}).ratings, {.method = method})};
    for (Index i = 0; i < model.rows; ++i) model.row_ids.push_back("row, \"" + std::to_string(i));
    for (Index j = 0; j < model.cols; ++j) model.col_ids.push_back("Spalte ü\n" + std::to_string(j));
    return model;
  }
  TemporaryFolder folder;
  std::filesystem::path file() const { return folder / "model.npz"; }
};

TEST_F(RatingsModelFile, ComesBackToTheBit) {
  for (const std::string method : {"student-t", "ordinal"}) {
    SCOPED_TRACE(method);
    const RatingsModel model = model_of(method);
    write_model(file(), model);
    const RatingsModel back = std::get<RatingsModel>(read_model(file()));
    EXPECT_EQ(back.rows, model.rows);
    EXPECT_EQ(back.cols, model.cols);
    EXPECT_EQ(back.row_ids, model.row_ids);
    EXPECT_EQ(back.col_ids, model.col_ids);
    for (const auto& [ours, theirs] :
         {std::pair(&back.row, &model.row), std::pair(&back.col, &model.col), std::pair(&back.row_unknown, &model.row_unknown),
          std::pair(&back.col_unknown, &model.col_unknown)}) {
      EXPECT_EQ(ours->factor, theirs->factor);
      EXPECT_EQ(ours->bias, theirs->bias);
      EXPECT_EQ(ours->covariance, theirs->covariance);
    }
    EXPECT_EQ(back.row_prior.constant, model.row_prior.constant);
    EXPECT_EQ(back.row_prior.weights, model.row_prior.weights);
    EXPECT_EQ(back.row_prior.lowest, model.row_prior.lowest);
    EXPECT_EQ(back.row_prior.highest, model.row_prior.highest);
    EXPECT_EQ(back.row_prior.variance, model.row_prior.variance);
    EXPECT_EQ(back.row_prior.by_column, model.row_prior.by_column);
    for (const auto number : {&EntryModel::mean, &EntryModel::noise_scale, &EntryModel::nu, &EntryModel::sd_scale,
                              &EntryModel::least, &EntryModel::most, &EntryModel::random_share, &EntryModel::reversed_share,
                              &EntryModel::score_scale, &EntryModel::residual_scale, &EntryModel::outlier_fraction})
      EXPECT_EQ(back.*number, model.*number);
    EXPECT_EQ(back.levels, model.levels);
    EXPECT_EQ(back.thresholds, model.thresholds);
    EXPECT_EQ(back.score_thresholds, model.score_thresholds);
  }
}

TEST_F(RatingsModelFile, RefusesWhatIsDamagedOrForeign) {
  write_model(file(), model_of("ordinal", 0.2));
  const Members good = read_npz(file());
  const auto refused = [&](const std::function<void(Members&)>& change, const std::string& said) {
    expect_refused(file(), good, change, said);
  };
  refused([](auto& arrays) { arrays.erase("gossan_ratings_model"); }, "is no model of gossan");
  refused([](auto& arrays) { arrays["gossan_ratings_model"].values[0] = 2; }, "format 2, expected 1");
  for (const auto& member : good) {
    const std::string& name = member.first;
    if (name == "gossan_ratings_model") continue;
    refused([&](auto& arrays) { arrays.erase(name); }, "is missing");
    if (!name.ends_with("_ids")) refused([&](auto& arrays) { arrays[name].values[0] = std::nan(""); }, name);
    refused([&](auto& arrays) { arrays[name] = {{0, 3}, {}, "<f8"}; }, "expected");
  }
  refused([](auto& arrays) { arrays["row_covariance"].values[0] = -1; }, "no normal distribution in row 0");
  refused([](auto& arrays) { arrays["prior_variance"].values[0] = 0; }, "prior_variance");
  refused([](auto& arrays) { arrays["nu"].values[0] = 3; }, "nu");
  refused([](auto& arrays) { arrays["levels"].values[1] = arrays["levels"].values[0]; }, "ascending");
  refused([](auto& arrays) { arrays["thresholds"].values[0] = 1e9; }, "ascending");
  refused([](auto& arrays) { arrays["noise_scale"].values[0] = 0; }, "noise_scale");
  refused([](auto& arrays) { arrays["random_share"].values[0] = 1.5; }, "random_share");
  refused([](auto& arrays) { arrays["row_ids"].values[0] = 0.5; }, "expected bytes");
  refused([](auto& arrays) { arrays["row_ids"].values.back() = 65; }, "ends within a text");
  refused([](auto& arrays) { arrays["col_ids"] = arrays["row_ids"]; }, "holds 30 names, expected 20");
  refused(
      [](auto& arrays) {
        auto& bytes = arrays["col_ids"].values;
        std::fill(bytes.begin(), bytes.end(), 65);
        for (std::size_t k = 1; k <= 20; ++k) bytes[bytes.size() - k] = k % 2 == 1 ? 0 : 65;
        for (std::size_t k = 0; k < 20; k += 2) bytes[k] = 0;
      },
      "col_ids");
}

}  // namespace
}  // namespace gossan
