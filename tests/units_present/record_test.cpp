// What a caller says of a run, as it comes out. The answer itself is made up.
#include <gtest/gtest.h>

#include <limits>
#include <nlohmann/json.hpp>

#include "gossan/present.hpp"
#include "gossan/rpca.hpp"

namespace gossan {
namespace {

using Json = nlohmann::ordered_json;

struct MadeUp {
  Matrix Y = Matrix::Ones(4, 3);
  TableRows table = table_of(Y);
  RpcaOptions options;
  Decomposed found;

  MadeUp() {
    found.L = Matrix::Ones(4, 1);
    found.R = Matrix::Ones(3, 1);
    found.rank = 1;
    found.singular_values = Vector::Constant(1, 3.4);
    found.outliers.assign(12, false);
    found.observed = 12;
    found.holdout_median = std::numeric_limits<double>::quiet_NaN();
    found.evidence = {Verdict::doubtful, "It may be so.", {{"a check", 1.5, 2, true, "Says little."}}};
    found.choices = {{"rank", "1"}, {"method", "exact"}, {"rank", "2"}};
  }
  RpcaRun run() const { return {table, options, found}; }
};

TEST(RunRecord, WhatIsNotNamedIsAnArray) {
  const MadeUp made;
  EXPECT_EQ(Json::parse(present(made.run()).summary)["inputs"], Json::parse(R"([{"file": "array", "rows": 4, "cols": 3}])"));
}

TEST(RunRecord, DataCarryWhatWasFoundInThemAndOthersTheirRole) {
  const MadeUp made;
  const RunRecord record{.inputs = {{"model.npz", "model"}, {"Y.npy"}, {"X.npy", "truth"}}};
  EXPECT_EQ(Json::parse(present(made.run(), record).summary)["inputs"], Json::parse(R"([{"file": "model.npz", "role": "model"},
      {"file": "Y.npy", "rows": 4, "cols": 3}, {"file": "X.npy", "role": "truth"}])"));
}

TEST(RunRecord, OptionsHaveTheirTypesAndThePageTheCallersSpelling) {
  const MadeUp made;
  double unset = std::numeric_limits<double>::quiet_NaN(), share = 0.25;
  bool yes = true;
  std::string text = "7";
  const Fields fields = {{.name = "unset", .value = &unset, .help = ""},
                         {.name = "share", .value = &share, .help = ""},
                         {.name = "yes", .value = &yes, .help = ""},
                         {.name = "text", .value = &text, .help = ""}};
  const Presentation shown = present(made.run(), {.options = view(fields), .option_prefix = "@"});
  EXPECT_EQ(Json::parse(shown.summary)["options"].dump(), R"({"unset":null,"share":0.25,"yes":true,"text":"7"})");
  EXPECT_EQ(shown.page.choices.back(), (std::pair<std::string, std::string>{"@text", "7"}));
}

TEST(RunRecord, TimesVersionsAndNoticesAreTheCallers) {
  const MadeUp made;
  const Presentation shown = present(
      made.run(), {.seconds = 2.5, .recovery_seconds = 1.5, .versions = {{"mine", "3"}}, .notices = {{"notice", "cut short"}}});
  const Json json = Json::parse(shown.summary);
  EXPECT_EQ(json["seconds"], 2.5);
  EXPECT_EQ(json["recovery_seconds"], 1.5);
  EXPECT_EQ(json["versions"].dump(), R"({"mine":"3"})");
  EXPECT_EQ(shown.facts().back(), (std::pair<std::string, std::string>{"notice", "cut short"}));
  EXPECT_EQ(Json::parse(present(made.run()).summary)["versions"]["gossan"], version());
}

TEST(Presentation, IsAPureFunction) {
  const MadeUp made;
  const RunRecord record{.inputs = {{"Y"}}};
  const Presentation one = present(made.run(), record), other = present(made.run(), record);
  EXPECT_EQ(one.summary, other.summary);
  EXPECT_EQ(render_html(one.page), render_html(other.page));
}

TEST(Presentation, JsonHoldsTheEvidenceAndNullForWhatIsNotKnown) {
  const MadeUp made;
  const Presentation shown = present(made.run());
  const Json json = Json::parse(shown.summary);
  EXPECT_EQ(json["verdict"], shown.verdict());
  EXPECT_EQ(json["message"], shown.message());
  EXPECT_TRUE(shown.doubtful());
  EXPECT_EQ(json["checks"][0]["meaning"], "Says little.");
  EXPECT_EQ(json["choices"]["rank"], "1; 2");
  EXPECT_TRUE(json["holdout"]["median_residual"].is_null());
}

TEST(Presentation, TextThatIsNotUtf8IsMended) {
  MadeUp made;
  made.found.evidence.message = "half of an \xC3";
  EXPECT_TRUE(Json::parse(present(made.run()).summary)["message"].get<std::string>().starts_with("half of an "));
}

}  // namespace
}  // namespace gossan
