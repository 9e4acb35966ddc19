// gossan VERB INPUT... [--option value] --out DIR
#include <fmt/format.h>

#include <cstdio>
#include <exception>
#include <new>
#include <stdexcept>
#include <string>

#include "gossan/io.hpp"
#include "gossan/table.hpp"
#include "gossan/version.hpp"
#include "verbs.hpp"

namespace gossan::cli {
namespace {

std::string help() {
  return "Recovers low-rank, sparse or low-dimensional structure from corrupted, incomplete data.\n\n"
         "Usage: gossan VERB INPUT... [--option value] [--out DIR]\n\nVerbs:\n" +
         list_verbs(verbs()) +
         "\nOptions:\n"
         "  -h,--help     this page; gossan VERB --help for a verb's options and examples\n"
         "  --version     the version\n"
         "\nExit codes: 0 recovered and trusted, 2 wrong usage, 3 bad input, 4 finished but doubtful, 130 interrupted with a\n"
         "partial result written, 1 a fault of the program.\n";
}

ExitCode dispatch(const Arguments& arguments) {
  if (arguments.empty()) throw std::invalid_argument("no verb given\n\n" + help());
  const std::string& first = arguments.front();
  if (first == "--help" || first == "-h" || first == "help") return fmt::print("{}", help()), recovered;
  if (first == "--version") return fmt::print("gossan {}\n", version()), recovered;
  const bool is_option = first.starts_with('-');
  if (is_option) throw std::invalid_argument(fmt::format("the verb comes first, not '{}'; see gossan --help", first));
  return find(verbs(), first, "verb").run({arguments.begin() + 1, arguments.end()});
}

// One message on stderr, and the code that goes with it.
ExitCode guarded(const Arguments& arguments) {
  const std::string who = arguments.empty() || arguments.front().starts_with('-') ? "gossan" : "gossan " + arguments.front();
  const auto complain = [&](const std::string& message, ExitCode code) {
    std::fflush(stdout);
    fmt::print(stderr, "{}: {}\n", who, message);
    return code;
  };
  try {
    const ExitCode code = dispatch(arguments);
    if (std::fflush(stdout) != 0) return complain("cannot write to standard output", our_fault);
    return code;
  } catch (const BadFile& error) {
    return complain(error.what(), bad_input);
  } catch (const std::invalid_argument& error) {
    return complain(error.what(), wrong_usage);
  } catch (const std::bad_alloc&) {
    return complain("out of memory", our_fault);
  } catch (const std::exception& error) {
    return complain(error.what(), our_fault);
  }
}

}  // namespace
}  // namespace gossan::cli

int main(int argc, char** argv) { return gossan::cli::guarded({argv + 1, argv + argc}); }
