#include "gossan/report.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>

#include "report/assets.hpp"

namespace gossan {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

bool contains(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

std::size_t occurrences(std::string_view text, std::string_view part) {
  std::size_t count = 0;
  for (auto at = text.find(part); at != std::string_view::npos; at = text.find(part, at + part.size())) ++count;
  return count;
}

nlohmann::json data_of(const std::string& page) {
  const std::string open = "<script type=\"application/json\" id=\"data\">";
  const auto begin = page.find(open) + open.size();
  return nlohmann::json::parse(page.substr(begin, page.find("</script>", begin) - begin));
}

Report with_chart(Chart chart) {
  Report report;
  report.charts.push_back(std::move(chart));
  return report;
}

TEST(Report, HostileStringsBecomeNoMarkupAnywhere) {
  const std::string bad = "</script><script>alert(1)</script><b onx=\"'>";
  Report report{.title = bad, .subtitle = bad, .evidence = {Verdict::failed, bad, {{bad, 1, 2, false, bad}}}};
  report.facts = {{bad, bad}};
  report.choices = {{bad, bad}};
  report.tables = {{bad, {{bad}, {bad}}}};
  Chart chart{.title = bad, .x_label = bad, .y_label = bad, .curves = {{bad, {1}, {2}}, {bad, {1}, {2}}}};
  chart.marks = {{bad, 1, 2}};
  chart.cuts = {1};
  chart.cut_labels = {bad};
  chart.categories = {bad};
  chart.text = bad;
  report.charts = {chart};
  const auto page = render_html(report);
  EXPECT_FALSE(contains(page, "<script>alert"));
  EXPECT_FALSE(contains(page, "<b onx"));
  EXPECT_EQ(occurrences(page, "</script>"), 3U);  // data, Chart.js, page.js
  EXPECT_EQ(data_of(page)[0]["curves"][0]["name"], bad);
  EXPECT_EQ(data_of(page)[0]["cuts"][0]["label"], bad);
}

TEST(Report, ValuesThatCannotBeDrawnAreGaps) {
  const double infinity = std::numeric_limits<double>::infinity();
  const Curve curve{"c", {0, 1, 2, 3, nan, 5}, {1, nan, infinity, -1, 1, 1e305}};
  const auto linear = data_of(render_html(with_chart({.curves = {curve}})))[0]["curves"][0];
  EXPECT_EQ(linear["x"].dump(), "[0.0,null,null,3.0,null,null]");
  EXPECT_EQ(linear["y"].dump(), "[1.0,null,null,-1.0,null,null]");
  const auto logarithmic = data_of(render_html(with_chart({.log_y = true, .curves = {curve}})))[0]["curves"][0];
  EXPECT_EQ(logarithmic["y"].dump(), "[1.0,null,null,null,null,null]");
}

TEST(Report, EmptyChartsSaySoAndHaveNoCanvas) {
  for (const auto& chart : {Chart{.title = "Empty"}, Chart{.title = "Lost", .curves = {{"c", {1, 2}, {nan, nan}}}}}) {
    const auto page = render_html(with_chart(chart));
    EXPECT_FALSE(contains(page, "<canvas"));
    EXPECT_TRUE(contains(page, "No finite values to draw."));
    EXPECT_TRUE(contains(page, "<figcaption>Nothing to draw"));
  }
  EXPECT_FALSE(contains(render_html({}), "<figure"));
}

TEST(Report, EveryChartHasATextAlternativeEvenWithoutOneGiven) {
  const auto own = render_html(with_chart({.title = "T", .curves = {{"c", {1}, {2}}}, .text = "It rises."}));
  EXPECT_TRUE(contains(own, "role=\"img\" aria-label=\"T. It rises.\""));
  EXPECT_TRUE(contains(own, "<figcaption>It rises.</figcaption>"));
  const auto made = render_html(with_chart({.title = "T", .y_label = "error", .curves = {{"c", {1, 2, 3}, {2, 9, 4}}}}));
  EXPECT_TRUE(contains(made, "<figcaption>error against position: 3 points, from 2 to 9.</figcaption>"));
}

TEST(Report, LongSeriesAreThinnedAndThePageSaysSo) {
  Curve curve{"c", {}, {}};
  for (int k = 0; k < 300000; ++k) {
    curve.x.push_back(k);
    curve.y.push_back(0.1 * k);
  }
  const auto page = render_html(with_chart({.curves = {curve}}));
  EXPECT_LE(data_of(page)[0]["curves"][0]["x"].size(), 2000U);
  EXPECT_TRUE(contains(page, "of 300,000 points."));
  EXPECT_LT(page.size(), 600000U);
}

TEST(Report, SameReportSameBytes) {
  Report report{.title = "T", .evidence = {Verdict::trusted, "m", {{"c", 1. / 3, 2, true, "m"}}}};
  report.charts = {Chart{.kind = Chart::Kind::points, .curves = {{"a", {1, 2}, {nan, 4}}}}};
  EXPECT_EQ(render_html(report), render_html(report));
}

TEST(Report, ChecksShowTheirNumbersAndOutcome) {
  Report report{.evidence = {Verdict::doubtful,
                             "Not sure.",
                             {{"held out", 0.75, 0.9, false, "m"}, {"gap", nan, 1e-9, true, "m"}, {"rank", 3, nan, true, "m"}}}};
  const auto page = render_html(report);
  for (const auto* part : {"class=\"verdict doubtful\"", "<span>doubtful</span>", "#icon-doubtful", "Not sure.",
                           "2 of 3 checks passed.", ">0.75<", ">0.9<", ">10⁻⁹<", ">not measured<", ">—<", "not passed</td>"}) {
    EXPECT_TRUE(contains(page, part)) << part;
  }
}

TEST(Report, AFindingTakesThePlaceOfTheVerdict) {
  const auto page = render_html({.evidence = {Verdict::failed, "It is <flat>.", {}}, .finding = "strict & saddle"});
  EXPECT_TRUE(contains(page, "<span>strict &amp; saddle</span>") && contains(page, "It is &lt;flat&gt;."));
  EXPECT_FALSE(contains(page, "<span>failed</span>") || contains(page, "No check could be made"));
}

TEST(Report, ColumnsOfNumbersAlignRight) {
  Report report;
  report.tables = {
      {"T", {{"city", "error", "mixed"}, {"Zürich", "0.08 km", "3"}, {"7 Mile", "−1", "none"}, {"Oslo", "+2", "1"}}}};
  const auto page = render_html(report);
  EXPECT_TRUE(contains(page, "<td>Zürich</td><td class=\"number\">0.08 km</td><td>3</td>"));
  EXPECT_TRUE(contains(page, "<td>7 Mile</td><td class=\"number\">−1</td><td>none</td>"));
}

TEST(Report, LengthsThatDoNotGoTogetherAreTheCallersMistake) {
  EXPECT_THROW(render_html(with_chart({.curves = {{"c", {1, 2}, {1}}}})), std::invalid_argument);
  EXPECT_THROW(render_html(with_chart({.curves = {{"c", {1, 2}, {1, 2}, {"one"}}}})), std::invalid_argument);
  EXPECT_THROW(render_html(with_chart({.cuts = {1, 2}, .cut_labels = {"one"}})), std::invalid_argument);
  try {
    render_html(with_chart({.title = "Map", .curves = {{"true", {1, 2}, {1}}}}));
    FAIL();
  } catch (const std::invalid_argument& error) {
    EXPECT_STREQ(error.what(), "render_html: chart \"Map\": curve \"true\": y has 1 values, expected 2, as many as x");
  }
}

TEST(Report, CarriesChartJsWithItsLicenceAndNoWayOut) {
  const auto page = render_html({});
  EXPECT_TRUE(contains(page, assets::text_of("chart.min.js")));
  EXPECT_TRUE(contains(page, "(c) 2022 Chart.js Contributors"));
  EXPECT_TRUE(contains(page, "Permission is hereby granted, free of charge"));
  EXPECT_TRUE(contains(page, "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:"));
  EXPECT_FALSE(contains(std::string(assets::text_of("chart.min.js")), "</script"));
  EXPECT_FALSE(contains(page, "{{"));
}

TEST(Report, HeatMapsAreShadesOfTheirLargestValue) {
  Report report;
  report.heat_maps = {
      {.title = "<Where>", .x_label = "column", .y_label = "row", .rows = 2, .cols = 2, .values = {0, 0.25, nan, 0.5}}};
  const std::string page = render_html(report);
  const auto begin = page.find("<svg class=\"cells\"");
  ASSERT_NE(begin, std::string::npos);
  const std::string svg = page.substr(begin, page.find("</svg>", begin) - begin);
  EXPECT_EQ(occurrences(svg, "<rect"), 3U) << "what is not finite is blank";
  EXPECT_TRUE(contains(svg, "fill-opacity=\"0.5\"") && contains(svg, "fill-opacity=\"1\"")) << svg;
  EXPECT_TRUE(contains(page, "&lt;Where&gt;") && !contains(page, "<Where>"));
  EXPECT_EQ(data_of(page).size(), 0U) << "nothing for the script to draw";
}

TEST(Report, HeatMapsNeedAValueACell) {
  Report report;
  report.heat_maps = {{.rows = 2, .cols = 3, .values = {1, 2}}};
  EXPECT_THROW(render_html(report), std::invalid_argument);
}

}  // namespace
}  // namespace gossan
