#include "gossan/table.hpp"

#include <fmt/format.h>

#include <stdexcept>

#include "verbs.hpp"

namespace gossan::cli {

const std::vector<Verb>& verbs() {
  static const std::vector<Verb> table = {
      {"locate", "points from pairwise distances, some of them lies", locate_verb},
      {"sense", "a matrix from linear measurements, some of them wrong", sense_verb},
      {"rpca", "the low-rank matrix under a table with gross errors and holes", rpca_verb},
      {"apply", "new rows by a model that rpca or complete has written: scored, flagged, filled", apply_verb},
      {"complete", "a matrix from some of its entries: ratings, or low rank", complete_verb},
      {"generate", "synthetic input for a verb, with its truth", generate_verb},
      {"plan", "how many measurements sense needs, by simulation", plan_verb},
      {"reproduce", "the figures and tables of papers, beside their numbers", reproduce_verb},
      {"probe", "what the loss looks like at a point: stationary, saddle, sharp", probe_verb},
      {"describe", "what can be chosen by name: operators, losses, models, methods ...", describe_verb},
      {"bench", "how fast the kernels are on this machine, beside what it can do at most", bench_verb},
  };
  return table;
}

ExitCode run_named(const std::vector<Verb>& table, const std::string& kind, const std::string& usage,
                   const Arguments& arguments) {
  if (arguments.empty()) throw std::invalid_argument(fmt::format("no {} given\n\n{}", kind, usage));
  const std::string& name = arguments.front();
  if (name == "--help" || name == "-h") return fmt::print("{}", usage), recovered;
  return find(table, name, kind).run({arguments.begin() + 1, arguments.end()});
}

std::string list_verbs(const std::vector<Verb>& table) {
  std::string text;
  for (const Verb& verb : table) text += fmt::format("  {:<10}{}\n", verb.name, verb.help);
  return text;
}

}  // namespace gossan::cli
