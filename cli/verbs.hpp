// The verbs of the command line. A verb parses its own arguments, does its work and says how it went.
//
// Faults travel as exceptions and main() turns them into exit codes: std::invalid_argument is wrong usage, BadFile is bad input,
// anything else is a fault of ours.
#pragma once

#include <string>
#include <vector>

#include "exit_codes.hpp"

namespace gossan::cli {

using Arguments = std::vector<std::string>;

struct Verb {
  std::string name;
  std::string help;  // one line
  ExitCode (*run)(const Arguments& arguments) = nullptr;
};
const std::vector<Verb>& verbs();

ExitCode locate_verb(const Arguments& arguments);
ExitCode sense_verb(const Arguments& arguments);
ExitCode rpca_verb(const Arguments& arguments);
ExitCode apply_verb(const Arguments& arguments);
ExitCode complete_verb(const Arguments& arguments);
ExitCode generate_verb(const Arguments& arguments);
ExitCode plan_verb(const Arguments& arguments);
ExitCode reproduce_verb(const Arguments& arguments);
ExitCode probe_verb(const Arguments& arguments);
ExitCode describe_verb(const Arguments& arguments);
ExitCode bench_verb(const Arguments& arguments);

// Runs the row that the first argument names, with the others; --help prints `usage`. kind: what a row is, in messages.
ExitCode run_named(const std::vector<Verb>& table, const std::string& kind, const std::string& usage, const Arguments& arguments);

// "name  help" lines, aligned.
std::string list_verbs(const std::vector<Verb>& table);

}  // namespace gossan::cli
