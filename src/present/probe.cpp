#include "gossan/probe.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>

#include "gossan/operators.hpp"
#include "present/account.hpp"

namespace gossan {
namespace {

using TextRows = std::vector<std::vector<std::string>>;

std::string short_number(double value) { return fmt::format("{:.4g}", value); }

const char* name_of(Stationarity::State state) {
  switch (state) {
    case Stationarity::State::stationary:
      return "stationary";
    case Stationarity::State::not_stationary:
      return "not stationary";
    case Stationarity::State::undecided:
      break;
  }
  return "undecided";
}

Json differences_json(const std::vector<Difference>& differences) {
  Json list = Json::array();
  for (const Difference& each : differences)
    list.push_back({{"gamma", each.gamma}, {"slope", each.slope}, {"sign_changes", each.sign_changes}});
  return list;
}

Json to_json(const Stationarity& found) {
  return {{"state", name_of(found.state)},
          {"residual", found.residual},
          {"slope", found.slope},
          {"scale", found.scale},
          {"iterations", found.iterations}};
}

Json to_json(const StructuredDirection& found) {
  return {{"freedom", found.freedom},
          {"slope", found.slope},
          {"zero_cost", found.zero_cost},
          {"outlier_gain", found.outlier_gain},
          {"gaussian_cost", found.gaussian_cost},
          {"curvature", found.curvature},
          {"gamma_limit", found.gamma_limit},
          {"differences", differences_json(found.differences)},
          {"descends", found.descends()}};
}

Json to_json(const HessianEnds& found) {
  return {{"smallest", found.smallest},
          {"largest", found.largest},
          {"gauss_newton", found.gauss_newton},
          {"residual", found.residual},
          {"differences", differences_json(found.differences)},
          {"descends", found.descends()}};
}

Json to_json(const Deviation& found) {
  return {
      {"size", found.size}, {"phi", found.phi}, {"phi_gaussian", found.phi_gaussian}, {"delta", found.delta}, {"l2", found.l2}};
}

Json to_json(const SignRip& found) {
  Json largest = Json::array(), l2 = Json::array();
  for (std::size_t j = 0; j < found.k.size(); ++j) {
    largest.push_back(found.largest(j));
    l2.push_back(found.largest(j, true));
  }
  Json draws = Json::array();
  for (const Deviation& draw : found.draws) draws.push_back(to_json(draw));
  return {{"reference", found.of_truth ? "truth" : "point"},
          {"k", found.k},
          {"delta", largest},
          {"l2", l2},
          {"typical", found.typical},
          {"error", found.error ? to_json(*found.error) : Json()},
          {"draws", draws}};
}

const std::vector<Difference>* differences_of(const Probe& found) {
  if (found.direction) return &found.direction->differences;
  return found.hessian ? &found.hessian->differences : nullptr;
}

double predicted(const Probe& found) { return found.direction ? found.direction->slope : found.hessian->smallest / 2; }

Chart slope_chart(const Probe& found) {
  Chart chart{.title = "The loss along the direction", .x_label = "log10 of gamma", .y_label = "change of the loss / gamma^2"};
  Curve seen{.name = "measured"}, law{.name = "predicted"};
  for (const Difference& each : *differences_of(found)) {
    seen.x.push_back(std::log10(each.gamma));
    seen.y.push_back(each.slope);
    law.y.push_back(predicted(found));
    chart.text += fmt::format("{:.3g} at gamma {:.3g}. ", each.slope, each.gamma);
  }
  law.x = seen.x;
  chart.text += fmt::format("Predicted: {:.3g}.", predicted(found));
  chart.curves = {seen, law};
  return chart;
}

Chart deviation_chart(const SignRip& found) {
  Chart chart{.kind = Chart::Kind::bars, .title = "How far directions are kept", .x_label = "k", .y_label = "delta, at least"};
  Curve sign{.name = "signs"}, typical{.name = "typical of normal matrices"}, l2{.name = "l2"};
  for (std::size_t j = 0; j < found.k.size(); ++j) {
    chart.categories.push_back(fmt::format("{}", found.k[j]));
    for (Curve* curve : {&sign, &typical, &l2}) curve->x.push_back(static_cast<double>(j));
    sign.y.push_back(found.largest(j));
    typical.y.push_back(found.typical[j]);
    l2.y.push_back(found.largest(j, true));
    chart.text += fmt::format("k = {}: {:.3g} by signs, {:.3g} by the l2 map, {:.3g} typical. ", found.k[j], sign.y.back(),
                              l2.y.back(), typical.y.back());
  }
  chart.curves = {sign, typical, l2};
  return chart;
}

TextRows difference_rows(const Probe& found) {
  TextRows rows = {{"gamma", "change of the loss / gamma^2", "outliers whose sign turns"}};
  for (const Difference& each : *differences_of(found))
    rows.push_back({short_number(each.gamma), short_number(each.slope), fmt::format("{}", each.sign_changes)});
  return rows;
}

TextRows deviation_rows(const SignRip& found) {
  TextRows rows = {{"X", "|X|_F", "phi", "phi of normal matrices"}};
  for (const Index k : found.k) rows.front().push_back(fmt::format("delta_{}", k));
  const auto add = [&](const std::string& name, const Deviation& each) {
    rows.push_back({name, short_number(each.size), short_number(each.phi), short_number(each.phi_gaussian)});
    for (const double delta : each.delta) rows.back().push_back(short_number(delta));
  };
  if (found.error) add("the point's error", *found.error);
  for (std::size_t draw = 0; draw < found.draws.size(); ++draw) add(fmt::format("random {}", draw + 1), found.draws[draw]);
  return rows;
}

std::string deltas(const SignRip& found, bool l2) {
  std::vector<std::string> parts;
  for (std::size_t j = 0; j < found.k.size(); ++j)
    parts.push_back(fmt::format("{:.3g} (k = {})", found.largest(j, l2), found.k[j]));
  return fmt::format("{}", fmt::join(parts, ", "));
}

Json to_json(const Probe& found) {
  Json json = {{"rank", found.rank},
               {"search_rank", found.search_rank},
               {"objective", found.objective},
               {"cut", found.cut},
               {"zero_residuals", found.zero_residuals},
               {"nonzero_residuals", found.nonzero_residuals},
               {"stationarity", to_json(found.stationarity)}};
  json["sharpness"] = Json();
  if (found.sharpness)
    json["sharpness"] = {
        {"least", found.sharpness->least}, {"mean", found.sharpness->mean}, {"samples", found.sharpness->samples}};
  json["direction"] = found.direction ? to_json(*found.direction) : Json();
  json["no_direction"] = found.no_direction.empty() ? Json() : Json(found.no_direction);
  json["hessian"] = found.hessian ? to_json(*found.hessian) : Json();
  json["sign_rip"] = to_json(found.sign_rip);
  if (found.truth) {
    json["truth"] = {{"relative_error", found.truth->relative_error},
                     {"objective", found.truth->objective},
                     {"zero_residuals", found.truth->zero_residuals}};
  }
  return json;
}

Facts probe_facts(const Probe& found, const Operator& A) {
  Facts list = {
      {"point", fmt::format("{} x {} of rank {}, searched with {} columns", A.rows(), A.cols(), found.rank, found.search_rank)},
      {"residuals", fmt::format("{} of {} zero, which is at most {:.3g}", grouped(found.zero_residuals),
                                grouped(A.measurements()), found.cut)},
      {"gradient", fmt::format("{}: {:.3g}, of a scale of {:.3g}", name_of(found.stationarity.state), found.stationarity.residual,
                               found.stationarity.scale)},
  };
  if (found.sharpness)
    list.emplace_back("sharpness", fmt::format("{:.3g} at least seen in {} random tangents, which is no lower bound",
                                               found.sharpness->least, found.sharpness->samples));
  if (found.direction)
    list.emplace_back("slope", fmt::format("{:.3g}: {:.3g} charged by zero residuals, {:.3g} by the others; curvature {:.3g}",
                                           found.direction->slope, found.direction->zero_cost, found.direction->outlier_gain,
                                           found.direction->curvature));
  if (!found.no_direction.empty()) list.emplace_back("slope", "no direction: " + found.no_direction);
  if (found.hessian)
    list.emplace_back("Hessian",
                      fmt::format("from {:.3g} (Gauss-Newton {:.3g}, residual {:.3g}) to {:.3g}", found.hessian->smallest,
                                  found.hessian->gauss_newton, found.hessian->residual, found.hessian->largest));
  list.emplace_back("Sign-RIP", deltas(found.sign_rip, false) + ", lower bounds");
  list.emplace_back("l2-RIP", deltas(found.sign_rip, true) + ", lower bounds");
  list.emplace_back("loss", short_number(found.objective));
  if (found.truth) {
    list.emplace_back("truth",
                      fmt::format("loss {:.4g}, {} residuals zero; relative error of the point {:.3g}", found.truth->objective,
                                  grouped(found.truth->zero_residuals), found.truth->relative_error));
  }
  return list;
}

Report probe_page(const Probe& found, const Operator& A) {
  Report page{.title = fmt::format("The landscape at a point of rank {}", found.rank),
              .subtitle = fmt::format("{} x {} matrix, {} measurements, search rank {}", A.rows(), A.cols(),
                                      grouped(A.measurements()), found.search_rank),
              .finding = found.verdict,
              .facts = probe_facts(found, A)};
  page.evidence.message = found.message;
  if (differences_of(found) != nullptr) {
    page.charts.push_back(slope_chart(found));
    page.tables.emplace_back("Along the direction", difference_rows(found));
  }
  page.charts.push_back(deviation_chart(found.sign_rip));
  page.tables.emplace_back("Sign-RIP", deviation_rows(found.sign_rip));
  return page;
}

}  // namespace

Presentation present(const ProbeRun& run, const RunRecord& record) {
  const Probe& found = run.found;
  Json json = {{"schema_version", schema_version}, {"verb", "probe"}};
  json["inputs"] =
      inputs_json(record, {{{"rows", run.A.rows()}, {"cols", run.A.cols()}}, {{"measurements", run.A.measurements()}}});
  json["status"] = to_string(found.status);
  json["verdict"] = found.verdict;
  json["message"] = found.message;
  json.update(to_json(found));
  json["seconds"] = record.seconds;
  json["seed"] = run.options.seed;
  json["choices"] = {{"operator", run.operator_name}, {"model", run.symmetric ? "symmetric-factor" : "factor-pair"}};
  if (!run.storage.empty()) json["choices"]["storage"] = run.storage;
  json["options"] = options_json(record, run.options.settings);
  json["versions"] = versions_json(record);
  Report page = probe_page(found, run.A);
  list_options(page, record);
  return {"probe", json_text(json), std::move(page)};
}

}  // namespace gossan
