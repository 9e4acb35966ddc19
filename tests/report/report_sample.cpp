// report_sample DIR CITIES.csv: writes the pages that page_test.py opens in a browser: one like a good recovery of the world, a
// doubtful and a failed one, one of hostile strings and values, one with nothing in it.
#include <fmt/format.h>

#include <cmath>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <limits>
#include <stdexcept>
#include <string>

#include "gossan/report.hpp"

namespace {

using gossan::Chart;
using gossan::Check;
using gossan::Curve;
using gossan::Report;
using gossan::Verdict;

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double infinity = std::numeric_limits<double>::infinity();

// Even pseudo-random numbers in (0, 1) without a seed: multiples of the golden ratio.
double even(std::size_t k) { return std::fmod(0.5 + 0.6180339887498949 * static_cast<double>(k), 1.0); }

double normal(std::size_t k) {
  return std::sqrt(-2 * std::log(even(2 * k) * 0.999 + 5e-4)) * std::cos(6.283185307179586 * even(3 * k + 1));
}

// Lines of name,latitude,longitude under a header; the name may hold commas.
Curve read_cities(const std::string& path) {
  std::ifstream file(path);
  Curve cities{"true position", {}, {}};
  std::string line;
  std::getline(file, line);
  while (std::getline(file, line)) {
    const auto second = line.rfind(','), first = line.rfind(',', second - 1);
    cities.names.push_back(line.substr(0, first));
    cities.y.push_back(std::stod(line.substr(first + 1)));
    cities.x.push_back(std::stod(line.substr(second + 1)));
  }
  if (cities.x.empty()) throw std::runtime_error(path + ": no cities");
  return cities;
}

Chart map_of(const Curve& cities, double error) {
  Chart map{.kind = Chart::Kind::points,
            .title = "The recovered map against the true one",
            .map = true,
            .curves = {cities, cities},
            .text =
                "418 recovered cities lie on their true positions: the median error is 0.08 km, the 99th percentile "
                "0.19 km. The eight worst are named."};
  auto& found = map.curves[1];
  found.name = "recovered";
  for (std::size_t k = 0; k < found.x.size(); ++k) {
    found.x[k] += error * normal(k);
    found.y[k] += error * normal(k + 500);
  }
  for (std::size_t k = 0; k < 8; ++k) {
    const auto at = (37 * k + 11) % found.x.size();
    map.marks.push_back({cities.names[at], found.x[at], found.y[at]});
  }
  return map;
}

Chart convergence() {
  Chart chart{.title = "Misfit during the run",
              .x_label = "iteration",
              .y_label = "mean absolute residual",
              .log_y = true,
              .text = "The misfit falls from 1 to 0.00004 in 300 iterations, steadily after the first 40."};
  Curve fitted{"fitted pairs", {}, {}}, held{"held-out pairs", {}, {}};
  for (int k = 0; k <= 300; ++k) {
    const double f = std::exp(-0.035 * k) + 3e-5 * (1.2 + std::sin(0.3 * k));
    fitted.x.push_back(k);
    fitted.y.push_back(f);
    if (k % 10 == 0) {
      held.x.push_back(k);
      held.y.push_back(1.3 * f);
    }
  }
  chart.curves = {fitted, held};
  return chart;
}

Chart singular_values(std::size_t count) {
  Chart chart{.kind = Chart::Kind::bars,
              .title = "Singular values",
              .x_label = "number",
              .y_label = "singular value",
              .log_y = true,
              .curves = {{"singular value", {}, {}}},
              .cuts = {3.5},
              .cut_labels = {"rank 3"},
              .text = "Three singular values stand a factor of 190 above the fourth: the rank is 3."};
  for (std::size_t k = 1; k <= count; ++k) {
    chart.curves[0].x.push_back(static_cast<double>(k));
    chart.curves[0].y.push_back(k <= 3 ? 1.4e4 - 2e3 * static_cast<double>(k) : 42 * std::exp(-0.08 * static_cast<double>(k)));
  }
  return chart;
}

Chart residuals() {
  Chart chart{.kind = Chart::Kind::histogram,
              .title = "Residuals of all pairs",
              .x_label = "residual / noise scale",
              .y_label = "pairs",
              .log_y = true,
              .curves = {{"pairs", {}, {}}},
              .cuts = {-4.5, 4.5},
              .cut_labels = {"cut −4.5", "cut +4.5: lies beyond"},
              .text = "18,241 pairs lie within 4.5 noise scales; 7,818 beyond are called lies."};
  for (int k = -30; k <= 30; ++k) {
    const double x = 0.5 * k;
    chart.curves[0].x.push_back(x);
    chart.curves[0].y.push_back(std::round(4600 * std::exp(-0.5 * x * x) + 18 + 7 * std::sin(k)));
  }
  return chart;
}

Report world(const Curve& cities) {
  Report report{.title = "World map from 26,146 distances",
                .subtitle = "418 cities, 30 % of their 87,153 distances in kilometres, three in ten of which are lies",
                .evidence = {Verdict::trusted,
                             "Held-out pairs agree with the map as often as the pairs that made it, and every city is held in "
                             "place by more honest distances than it needs.",
                             {{"Held-out pairs agree", 0.6987, 0.6851, true,
                               "Share of the pairs kept back that the map predicts within the cut."},
                              {"Gap behind the rank", 189.7, 3, true, "The third singular value over the fourth."},
                              {"Honest pairs per unknown", 14.52, 2, true, "Each unknown coordinate is measured many times."},
                              {"Least honest pairs of a city", 61, 4, true, "No city hangs on too few distances."},
                              {"Second start differs by", 3.1e-7, 1e-3, true, "Another random start ends at the same map."}}}};
  report.facts = {{"rank", "3"},
                  {"cities placed", "418 of 418"},
                  {"median error", "0.08 km"},
                  {"99th percentile", "0.19 km"},
                  {"lies found", "29.9 %"},
                  {"noise scale", "0.29 km"},
                  {"passes over data", "412"},
                  {"time", "2.9 s"}};
  report.charts = {map_of(cities, 0.05), convergence(), singular_values(24), residuals()};
  std::vector<std::vector<std::string>> worst = {{"city", "error", "honest pairs", "latitude", "longitude"}};
  for (std::size_t k = 0; k < 8; ++k) {
    const auto at = (37 * k + 11) % cities.x.size();
    worst.push_back({cities.names[at], fmt::format("{:.2f} km", 0.61 - 0.05 * static_cast<double>(k)), std::to_string(61 + 3 * k),
                     fmt::format("{:.2f}", cities.y[at]), fmt::format("{:.2f}", cities.x[at])});
  }
  report.tables = {{"Worst cities", worst}};
  report.choices = {{"metric", "great-circle"}, {"radius", "6371 km"}, {"rank", "3 (by description length)"},
                    {"holdout", "0.05"},        {"seed", "7"},         {"loss", "annealed Tukey biweight, cut 4.5"}};
  return report;
}

Report doubtful(const Curve& cities) {
  auto report = world(cities);
  report.title = "World map from 3,912 distances";
  report.evidence.verdict = Verdict::doubtful;
  report.evidence.message =
      "Nine cities are joined to the others by too few honest distances to be placed; they are named below.";
  report.evidence.checks[3] = {"Least honest pairs of a city", 1, 4, false,
                               "A city with fewer could stand elsewhere just as well."};
  report.evidence.checks[4] = {"Second start differs by", nan, 1e-3, false, "The second start did not finish."};
  report.charts = {map_of(cities, 4), singular_values(418), residuals()};
  report.charts[2].log_y = false;
  std::vector<std::vector<std::string>> undetermined = {{"city", "honest pairs", "why"}};
  for (std::size_t k = 0; k < 60; ++k)
    undetermined.push_back({cities.names[k], std::to_string(k % 4), "too few honest distances"});
  report.tables.emplace_back("Cities left undetermined", undetermined);
  return report;
}

// Everything that could break a page: markup and code in each string, bytes that are not UTF-8, values that no axis can hold.
Report hostile() {
  const std::string attack =
      "</script><script>window.pwned=1</script><img src=x onerror=\"window.pwned=1\">'\"&amp;{{data}}<!--\xff";
  const std::string endless(400, 'W');
  Report report{.title = attack, .subtitle = endless, .evidence = {Verdict::failed, attack, {}}};
  report.evidence.checks = {{attack, nan, infinity, false, attack}, {endless, -infinity, 1e308, false, endless}};
  report.facts = {{attack, attack}, {endless, endless}};
  report.choices = {{attack, attack}, {endless, endless}};
  report.tables = {{attack, {{attack, endless}, {attack, endless}}}};
  Chart lines{
      .title = attack, .x_label = attack, .y_label = attack, .curves = {{attack, {0, 1, 2, 3, 4}, {1, nan, 2, infinity, 3}}}};
  lines.marks = {{attack, 2, 2}, {endless, 4, 3}, {"lost", nan, 1}};
  lines.cuts = {1, 1.01, nan, 3.9};
  lines.cut_labels = {attack, "second", "lost", endless};
  lines.text = attack;
  Chart wild{
      .title = "From the smallest to the largest", .log_y = true, .curves = {{"wild", {0, 1, 2, 3}, {1e-300, 0, -1, 1e300}}}};
  Chart flat{.title = "All the same", .curves = {{"flat", {5, 5, 5}, {7, 7, 7}}}};
  Chart scatter{.kind = Chart::Kind::points, .title = "One far away", .curves = {{"here", {0, 1e-9, 1e9}, {0, 1, -1e9}}}};
  Chart one{.kind = Chart::Kind::histogram, .title = "One bin", .curves = {{"bin", {3}, {0}}, {"other", {3}, {12}}}};
  Chart named{.kind = Chart::Kind::bars,
              .title = "Named bars",
              .curves = {{"share", {0, 1, 2}, {-3, 4, 5}}},
              .categories = {attack, "second", endless}};
  report.charts = {lines, wild, flat, scatter, one, named};
  return report;
}

// A million points, more names than fit, and charts without anything to draw.
Report large(const Curve& cities) {
  Report report{.title = "A long run", .evidence = {Verdict::doubtful, "The iteration limit came first.", {}}};
  Chart lines{.title = "A million iterations", .x_label = "iteration", .y_label = "f", .log_y = true, .curves = {{"f", {}, {}}}};
  for (std::size_t k = 0; k < 1'000'000; ++k) {
    lines.curves[0].x.push_back(static_cast<double>(k));
    lines.curves[0].y.push_back(std::exp(-1e-5 * static_cast<double>(k)) * (0.5 + even(k)));
  }
  auto crowd = map_of(cities, 12);
  for (std::size_t k = 0; k < cities.x.size(); k += 3) crowd.marks.push_back({cities.names[k], cities.x[k], cities.y[k]});
  Chart plane{.kind = Chart::Kind::points,
              .title = "Points of the plane",
              .x_label = "x",
              .y_label = "y",
              .curves = {{"points", {}, {}}}};
  for (std::size_t k = 0; k < 1000; ++k) {
    plane.curves[0].x.push_back(30 * normal(k));
    plane.curves[0].y.push_back(10 * normal(k + 5000));
  }
  report.charts = {lines,
                   crowd,
                   plane,
                   singular_values(5000),
                   Chart{.title = "Nothing"},
                   Chart{.kind = Chart::Kind::points, .title = "Nothing finite", .curves = {{"lost", {nan}, {1}}}}};
  return report;
}

void write(const std::filesystem::path& path, const Report& report) {
  std::ofstream file(path, std::ios::binary);
  file << gossan::render_html(report);
  if (!file.flush()) throw std::runtime_error("cannot write " + path.string());
}

}  // namespace

int main(int argc, char** argv) {
  try {
    if (argc != 3) throw std::invalid_argument("usage: report_sample DIR CITIES.csv");
    const std::filesystem::path folder = argv[1];
    const auto cities = read_cities(argv[2]);
    write(folder / "world.html", world(cities));
    write(folder / "doubtful.html", doubtful(cities));
    write(folder / "hostile.html", hostile());
    write(folder / "large.html", large(cities));
    write(folder / "bare.html", Report{});
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 1;
  }
}
