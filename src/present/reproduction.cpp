#include "gossan/reproduction.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include "gossan/io.hpp"
#include "io/text.hpp"
#include "present/account.hpp"

namespace gossan {
namespace {

const std::string& series_name(const Reproduction& reproduction, const Cell& cell) {
  return reproduction.experiment.series[cell.series].name;
}
const std::string& point_name(const Reproduction& reproduction, const Cell& cell) {
  return reproduction.experiment.points[cell.point].name;
}

std::string place_name(const std::string& series, const std::string& point) {
  if (point.empty()) return series;
  return series.empty() ? point : series + ", " + point;
}

std::string reached(double value) { return std::isfinite(value) ? fmt::format("{:.3g}", value) : "never"; }

std::string allowed(const Expected& expected) {
  return expected.factor > 0 ? fmt::format("within a factor of {:g}", expected.factor)
                             : fmt::format("within {:g}", expected.tolerance);
}

std::string outcome(const Compared& each) {
  if (each.matches) return each.surprise() ? "matches, against what is written down" : "matches";
  return each.surprise() ? "does not match" : "does not match, as is known";
}

// Adds the median course of one of its numbers, for every cell that has it.
Chart courses_chart(Chart chart, std::vector<double> Course::*values, const Reproduction& reproduction,
                    const std::vector<Cell>& cells) {
  chart.x_label = "step";
  for (const Cell& cell : cells) {
    const Course course = median_course(cell);
    if ((course.*values).empty()) continue;
    Curve curve{.name = place_name(series_name(reproduction, cell), point_name(reproduction, cell)), .y = course.*values};
    curve.x.assign(course.k.begin(), course.k.end());
    chart.text += fmt::format("{}: ends at {:.3g}. ", curve.name, curve.y.back());
    chart.curves.push_back(std::move(curve));
  }
  if (chart.text.empty()) chart.text = "No run was finished.";
  return chart;
}

std::vector<Chart> courses_charts(const Reproduction& reproduction, const std::vector<Cell>& cells) {
  std::vector<Chart> charts = {courses_chart({.title = "Error by step", .y_label = "||X - truth||_F", .log_y = true},
                                             &Course::error, reproduction, cells)};
  const auto ranked = [](const Cell& cell) { return !median_course(cell).effective_rank.empty(); };
  if (std::any_of(cells.begin(), cells.end(), ranked))
    charts.push_back(courses_chart({.title = "Effective rank by step", .y_label = "effective rank"}, &Course::effective_rank,
                                   reproduction, cells));
  return charts;
}

std::string csv_step(Index k) { return k == 0 ? "" : fmt::format("{}", k); }

std::optional<double> finite_number(const std::string& name) {
  const auto value = parse_double(trimmed(name));
  return value && std::isfinite(*value) ? value : std::nullopt;
}

// Places are numbers, or have no place on an axis but their order.
double abscissa(const std::string& name, std::size_t order) { return finite_number(name).value_or(static_cast<double>(order)); }

// What no estimator beats by more than a constant, where there is noise.
void add_minimax(Chart& chart, const Reproduction& reproduction, const std::vector<Cell>& cells) {
  Curve line{.name = "minimax rate"};
  for (const Cell& cell : cells) {
    if (cell.series != 0 || quantity(cell, "minimax") == 0) continue;
    line.x.push_back(abscissa(point_name(reproduction, cell), cell.point));
    line.y.push_back(quantity(cell, "minimax"));
  }
  if (!line.x.empty()) chart.curves.push_back(std::move(line));
}

Chart points_chart(const Reproduction& reproduction, const std::vector<Cell>& cells, const std::string& y) {
  const Experiment& experiment = reproduction.experiment;
  Chart chart{.title = fmt::format("{} against {}", y, reproduction.x_label), .x_label = reproduction.x_label, .y_label = y};
  const auto at = [&](std::size_t point) { return abscissa(experiment.points[point].name, point); };
  for (std::size_t s = 0; s < experiment.series.size(); ++s) {
    Curve here{.name = experiment.series[s].name}, paper{.name = experiment.series[s].name + ", paper"};
    for (const Cell& cell : cells) {
      if (cell.series != s) continue;
      here.x.push_back(at(cell.point));
      here.y.push_back(quantity(cell, y));
      chart.text += fmt::format("{}: {}. ", place_name(here.name, experiment.points[cell.point].name), reached(here.y.back()));
      for (const Expected& each : reproduction.expected) {
        if (each.series != here.name || each.point != point_name(reproduction, cell) || each.quantity != y) continue;
        paper.x.push_back(here.x.back());
        paper.y.push_back(each.paper);
      }
    }
    chart.curves.push_back(std::move(here));
    if (!paper.x.empty()) chart.curves.push_back(std::move(paper));
  }
  if (y == "error") add_minimax(chart, reproduction, cells);
  chart.log_y = std::all_of(chart.curves.begin(), chart.curves.end(), [](const Curve& curve) {
    return std::all_of(curve.y.begin(), curve.y.end(), [](double y) { return !(y <= 0); });
  });
  if (chart.text.empty()) chart.text = "No run was finished.";
  return chart;
}

// Lines downwards, places sideways.
HeatMap phase_map(const Reproduction& reproduction, const std::vector<Cell>& cells, const std::string& y) {
  const auto& lines = reproduction.experiment.series;
  const auto& places = reproduction.experiment.points;
  HeatMap map{.title = y,
              .x_label = reproduction.x_label,
              .y_label = reproduction.y_label,
              .rows = static_cast<Index>(lines.size()),
              .cols = static_cast<Index>(places.size()),
              .values = std::vector<double>(lines.size() * places.size(), std::numeric_limits<double>::quiet_NaN()),
              .first_row = abscissa(lines.front().name, 0),
              .last_row = abscissa(lines.back().name, lines.size() - 1),
              .first_col = abscissa(places.front().name, 0),
              .last_col = abscissa(places.back().name, places.size() - 1)};
  std::vector<bool> ran(map.values.size(), false);
  for (const Cell& cell : cells) {
    const std::size_t at = cell.series * places.size() + cell.point;
    map.values[at] = quantity(cell, y);
    ran[at] = true;
  }
  for (std::size_t s = 0; s < lines.size(); ++s) {
    std::vector<std::string> row;
    for (std::size_t at = s * places.size(); at < (s + 1) * places.size(); ++at)
      row.push_back(ran[at] ? reached(map.values[at]) : "not run");
    map.text += fmt::format("{} {}: {}. ", reproduction.y_label, lines[s].name, fmt::join(row, ", "));
  }
  return map;
}

std::vector<std::vector<std::string>> comparison_table(const std::vector<Compared>& compared) {
  std::vector<std::vector<std::string>> rows = {{"line", "place", "quantity", "paper", "here", "asked", "outcome"}};
  for (const Compared& each : compared) {
    const Expected& e = each.expected;
    rows.push_back({e.series, e.point, e.quantity, reached(e.paper), reached(each.ours), allowed(e), outcome(each)});
  }
  return rows;
}

std::vector<std::vector<std::string>> cell_table(const Reproduction& reproduction, const std::vector<Cell>& cells) {
  std::vector<std::vector<std::string>> rows = {{"line", "place", "error", "loss", "success", "sweeps", "seconds"}};
  for (const Cell& cell : cells) {
    rows.push_back({series_name(reproduction, cell), point_name(reproduction, cell), reached(quantity(cell, "error")),
                    reached(quantity(cell, "loss")), reached(quantity(cell, "success")), reached(quantity(cell, "sweeps")),
                    reached(quantity(cell, "seconds"))});
  }
  return rows;
}

Report reproduction_page(const Reproduction& reproduction, const std::vector<Cell>& cells,
                         const std::vector<Compared>& compared) {
  Report page;
  page.title = reproduction.title;
  page.subtitle = reproduction.about;
  page.evidence = weigh(compared);
  if (reproduction.chart == "courses") {
    page.charts = courses_charts(reproduction, cells);
  } else {
    for (const std::string& y : reproduction.y) {
      if (reproduction.chart == "map")
        page.heat_maps.push_back(phase_map(reproduction, cells, y));
      else
        page.charts.push_back(points_chart(reproduction, cells, y));
    }
  }
  if (!compared.empty()) page.tables.emplace_back("Beside the paper", comparison_table(compared));
  page.tables.emplace_back("Medians over trials", cell_table(reproduction, cells));
  page.facts = {{"runs", fmt::format("{} of {} trials each", cells.size(), reproduction.experiment.trials)}};
  if (!reproduction.source.empty()) page.facts.emplace_back("the paper's numbers", reproduction.source);
  for (const auto& [name, value] : reproduction.experiment.settings) page.choices.emplace_back(name, value);
  return page;
}

Json compared_json(const Compared& compared) {
  const Expected& e = compared.expected;
  Json json = {{"series", e.series}, {"point", e.point}, {"quantity", e.quantity}, {"paper", e.paper}};
  json["ours"] = compared.ours;
  json[e.factor > 0 ? "factor" : "tolerance"] = e.factor > 0 ? e.factor : e.tolerance;
  json["matches"] = compared.matches;
  json["as_written_down"] = !compared.surprise();
  return json;
}

}  // namespace

Evidence outcome(const ReproductionRun& run) {
  Evidence evidence = weigh(compare(run.reproduction, run.result.cells));
  if (run.result.status == Status::converged) return evidence;
  evidence.verdict = Verdict::doubtful;
  evidence.message += "; stopped before the end";
  return evidence;
}

Presentation present(const ReproductionRun& run, const RunRecord& record) {
  const std::vector<Compared> compared = compare(run.reproduction, run.result.cells);
  const Evidence evidence = outcome(run);
  Json numbers = Json::array();
  for (const Compared& each : compared) numbers.push_back(compared_json(each));
  const Json json = {{"name", run.reproduction.name},
                     {"status", to_string(run.result.status)},
                     {"verdict", to_string(evidence.verdict)},
                     {"message", evidence.message},
                     {"numbers", numbers},
                     {"seconds", record.seconds}};
  return {"reproduce", json_text(json), reproduction_page(run.reproduction, run.result.cells, compared)};
}

std::string reproductions_json(std::span<const std::string> summaries) {
  Json list = Json::array();
  for (const std::string& each : summaries) list.push_back(Json::parse(each));
  return json_text({{"schema_version", schema_version}, {"verb", "reproduce"}, {"reproductions", list}, {"version", version()}});
}

std::string cells_csv(const Reproduction& reproduction, const std::vector<Cell>& cells) {
  std::string text =
      "series,point,trial,error,relative_error,loss,minimax,rank,iterations,sweeps,seconds,success,trusted,slope,descends,strict_"
      "saddle,effective_rank,phase_start,phase_end,phase_angle\n";
  for (const Cell& cell : cells) {
    for (std::size_t t = 0; t < cell.trials.size(); ++t) {
      const Trial& trial = cell.trials[t];
      text += csv_line({series_name(reproduction, cell), point_name(reproduction, cell),   fmt::format("{}", t),
                        csv_number(trial.error),         csv_number(trial.relative_error), csv_number(trial.loss),
                        csv_number(trial.minimax),       fmt::format("{}", trial.rank),    fmt::format("{}", trial.iterations),
                        fmt::format("{}", trial.sweeps), csv_number(trial.seconds),        trial.success ? "1" : "0",
                        trial.trusted ? "1" : "0",       csv_number(trial.slope),          trial.descends ? "1" : "0",
                        trial.strict_saddle ? "1" : "0", csv_number(trial.effective_rank), csv_step(trial.phase.first),
                        csv_step(trial.phase.last),      csv_number(trial.phase.angle)});
    }
  }
  return text;
}

std::string courses_csv(const Reproduction& reproduction, const std::vector<Cell>& cells) {
  std::string text = "series,point,step,error,loss,effective_rank\n";
  for (const Cell& cell : cells) {
    const Course course = median_course(cell);
    for (std::size_t k = 0; k < course.k.size(); ++k) {
      text += csv_line({series_name(reproduction, cell), point_name(reproduction, cell), fmt::format("{}", course.k[k]),
                        csv_number(course.error[k]), csv_number(course.loss[k]),
                        course.effective_rank.empty() ? "" : csv_number(course.effective_rank[k])});
    }
  }
  return text;
}

}  // namespace gossan
