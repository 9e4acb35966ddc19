#include "experiment/problem.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string_view>

#include "gossan/generate.hpp"
#include "gossan/linalg.hpp"
#include "gossan/random.hpp"

namespace gossan::experiments {
namespace {

constexpr const char* who = "experiment";

void set(Settings& settings, std::string_view name, const std::string& value) {
  const auto same = [name](const auto& setting) { return setting.first == name; };
  const auto at = std::find_if(settings.begin(), settings.end(), same);
  if (at != settings.end()) at->second = value;
  if (at == settings.end()) settings.emplace_back(name, value);
}

bool of_a_part(std::string_view name) { return name.find('.') != std::string_view::npos; }

// "rank" is an option of sense() itself; a part chosen anew leaves the options of the one before behind.
void set_own(SenseOptions& run, std::string_view name, const std::string& value) {
  assign(run.fields(), name, value, "sense");
  std::erase_if(run.settings, [name](const auto& setting) { return setting.first.starts_with(std::string(name) + "."); });
}

template <class Options>
Options filled(const Settings& settings, std::uint64_t seed, const char* generator) {
  Options options;
  assign(options.fields(), settings, generator);
  options.seed = seed;
  return options;
}

Problem sensing_problem(const GenerateSenseOptions& options) {
  GeneratedSensing made = generate_sensing(options);
  Problem problem;
  const auto n = static_cast<double>(made.y.size());
  const double nu = options.noise * made.X.norm();
  problem.minimax = nu * std::sqrt(static_cast<double>(made.rows * made.rank) / n);
  problem.A = made.implicit ? implicit(*made.implicit) : dense(std::move(made.A), made.rows, made.cols);
  problem.y = std::move(made.y);
  problem.X = std::move(made.X);
  return problem;
}

// Entries of the truth, all of them, and what they are off by.
struct FullOptions : GenerateEntriesOptions {
  double perturbation = 0;
  Fields fields() {
    Fields list = GenerateEntriesOptions::fields();
    list.push_back({.name = "perturbation", .value = &perturbation, .help = "largest singular value of the errors", .least = 0});
    return list;
  }
};

Problem completion_problem(const GenerateEntriesOptions& options) {
  GeneratedEntries made = generate_entries(options);
  Problem problem;
  problem.A = entries(made.rows, made.cols, std::move(made.i), std::move(made.j));
  problem.y = std::move(made.value);
  problem.X = std::move(made.X);
  return problem;
}

Problem full_problem(FullOptions options) {
  options.observed = 1;
  Problem problem = completion_problem(options);
  const Index rows = problem.X.rows(), cols = problem.X.cols();
  problem.A = full(rows, cols);
  if (options.perturbation == 0) return problem;
  Matrix E = normal_matrix(rows, cols, Random(options.seed, 145));
  if (options.cols == 0) E += E.transpose().eval();
  E *= options.perturbation / spectral_norm(E);
  for (std::size_t e = 0; e < problem.y.size(); ++e) problem.y[e] += E.data()[e];
  return problem;
}

}  // namespace

Fields PhaseOptions::fields() {
  return {{.name = "learnt", .value = &learnt, .help = "", .least = 0, .above = true},
          {.name = "beyond", .value = &beyond, .help = "", .least = 0, .above = true}};
}

Setup read_settings(const std::vector<const Settings*>& layers) {
  Setup setup;
  setup.run.holdout = 0;  // the truth is known
  for (const Settings* layer : layers) {
    for (const auto& [key, value] : *layer) {
      const std::string_view name = key;
      const std::string_view rest = name.substr(name.find('.') + 1);
      if (name == "instance.seed" || name == "run.seed") {
        throw std::invalid_argument(
            fmt::format("{}: setting '{}' is not known: trials draw theirs from the seed of the experiment", who, key));
      }
      if (name == "instance.problem") {
        setup.problem = value;
      } else if (name == "probe.columns") {
        assign({{.name = "columns", .value = &setup.probe_columns, .help = "", .least = 0}}, "columns", value, "probe");
      } else if (name.starts_with("phase.")) {
        if (!setup.phase) setup.phase.emplace();
        assign(setup.phase->fields(), rest, value, "phase");
      } else if (name.starts_with("instance.")) {
        set(setup.instance, rest, value);
      } else if (!name.starts_with("run.")) {
        throw std::invalid_argument(fmt::format(
            "{}: setting '{}' is not known, expected instance.NAME, run.NAME, phase.NAME or probe.columns", who, key));
      } else if (!of_a_part(rest)) {
        set_own(setup.run, rest, value);
      }
    }
    for (const auto& [key, value] : *layer) {
      const std::string_view name = key;
      const bool is_option = name.starts_with("run.") && of_a_part(name.substr(4));
      if (is_option) set(setup.run.settings, name.substr(4), value);
    }
  }
  if (setup.phase && setup.run.tuning_free())
    throw std::invalid_argument(
        fmt::format("{}: a low-rank phase is one of a descent, expected run.method or another part of one", who));
  return setup;
}

Problem make_problem(const Setup& setup, std::uint64_t seed) {
  if (setup.problem == "sensing") return sensing_problem(filled<GenerateSenseOptions>(setup.instance, seed, "generate sense"));
  if (setup.problem == "completion")
    return completion_problem(filled<GenerateEntriesOptions>(setup.instance, seed, "completion"));
  if (setup.problem == "full") return full_problem(filled<FullOptions>(setup.instance, seed, "full"));
  throw std::invalid_argument(
      fmt::format("{}: setting 'instance.problem' is '{}', expected sensing, completion or full", who, setup.problem));
}

}  // namespace gossan::experiments
