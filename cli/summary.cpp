#include "summary.hpp"

#include <fmt/format.h>

#include <cmath>

#include "gossan/io.hpp"
#include "gossan/report.hpp"
#include "versions.hpp"

namespace gossan::cli {
namespace {

constexpr int schema_version = 1;

Json typed(const FieldView& field) {
  if (field.type == "yes/no") return field.value == "yes";
  if (field.type == "text") return field.value;
  if (field.value.empty()) return nullptr;
  return Json::parse(field.value, nullptr, false);
}

Json checks(const Evidence& evidence) {
  Json list = Json::array();
  for (const Check& check : evidence.checks) {
    list.push_back({{"name", check.name},
                    {"value", check.value},
                    {"bound", check.bound},
                    {"passed", check.passed},
                    {"meaning", check.meaning}});
  }
  return list;
}

// A choice made more than once (a rank that was raised, say) keeps all its values.
Json choices(const Choices& list) {
  Json object = Json::object();
  for (const auto& [name, value] : list) {
    object[name] = object.contains(name) ? object[name].get<std::string>() + "; " + value : value;
  }
  return object;
}

void print_for_people(const RunFolder& folder, const Summary& summary,
                      const std::vector<std::pair<std::string, std::string>>& facts) {
  fmt::print("{}: {}\n  {}\n", summary.verb, to_string(summary.evidence.verdict), summary.evidence.message);
  for (const auto& [name, value] : facts) fmt::print("  {:<12}{}\n", name, value);
  fmt::print("  {:<12}{:.2f} s, {} sweeps over the data\n", "time", summary.seconds, grouped(summary.sweeps));
  fmt::print("  {:<12}{}\n", "report", (folder / "report.html").string());
}

}  // namespace

Json option_values(const std::vector<FieldView>& options) {
  Json object = Json::object();
  for (const FieldView& field : options) object[field.name] = typed(field);
  return object;
}

Json number_or_null(double value) { return std::isfinite(value) ? Json(value) : Json(); }

Json version_values() {
  Json object = Json::object();
  for (const auto& [name, value] : versions()) object[name] = value;
  return object;
}

std::string json_text(const Json& json) { return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n"; }

Json to_json(const Summary& summary) {
  Json options = option_values(summary.options);
  for (const auto& [name, value] : summary.settings) options[name] = value;
  Json json = {
      {"schema_version", schema_version},
      {"verb", summary.verb},
      {"inputs", summary.inputs},
      {"status", to_string(summary.status)},
      {"verdict", to_string(summary.evidence.verdict)},
      {"message", summary.evidence.message},
      {"rank", summary.rank},
      {"outlier_fraction", summary.outlier_fraction},
      {"noise_scale", summary.noise_scale},
      {"holdout", summary.holdout},
      {"iterations", summary.iterations},
      {"sweeps", summary.sweeps},
      {"seconds", summary.seconds},
      {"seed", summary.seed},
  };
  json.update(summary.details);
  json["checks"] = checks(summary.evidence);
  json["choices"] = choices(summary.choices);
  json["options"] = options;
  json["versions"] = version_values();
  return json;
}

void publish(const RunFolder& folder, const Summary& summary, const CommonOptions& common,
             const std::vector<std::pair<std::string, std::string>>& facts) {
  const std::string text = json_text(to_json(summary));
  write_text(folder / "summary.json", text);
  if (common.json) fmt::print("{}", text);
  if (!common.json && !common.quiet) print_for_people(folder, summary, facts);
  const bool said = !common.json && !common.quiet;
  if (!said && summary.evidence.verdict != Verdict::trusted) {
    fmt::print(stderr, "gossan {}: {}: {}\n", summary.verb, to_string(summary.evidence.verdict), summary.evidence.message);
  }
}

}  // namespace gossan::cli
