// gossan bench: how fast the kernels are, beside what this machine can do at most.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <iostream>
#include <optional>
#include <stdexcept>
#include <string>

#include "bench/cases.hpp"
#include "bench/timing.hpp"
#include "gossan/linalg.hpp"
#include "gossan/table.hpp"
#include "gossan/version.hpp"
#include "parse/parser.hpp"
#include "run/json.hpp"
#include "run/progress.hpp"

namespace gossan::cli {
namespace {

std::string bench_help() {
  std::string text =
      "Times the measurement kernels on data of their own: a sweep predicts every measurement, judges it by the absolute loss "
      "and "
      "adds its share to the gradients. Reports the time of a sweep (median and quartiles), and the share of this machine's read "
      "bandwidth and arithmetic peak, which are measured in turns with it.\n\nKernels:\n";
  for (const BenchCase& each : bench_cases()) text += fmt::format("  {:<22}{}\n", each.name, each.help);
  return text;
}
constexpr const char* bench_examples =
    "Examples:\n"
    "  gossan bench\n"
    "  gossan bench --kernel dense-f64 --threads 1\n"
    "  gossan bench --kernel entries-f32 --rows 5000 --measurements 1000000 --rank 20 --json";

struct BenchOptions {
  std::string kernel, size = "paper";
  Index rows = 0, measurements = 0, rank = 0;
  Index repeats = 9, threads = 0;
  bool paced = false, json = false, quiet = false;
  Fields fields();
};

Fields BenchOptions::fields() {
  return {
      {.name = "kernel", .value = &kernel, .help = "one kernel; without it, all"},
      {.name = "size", .value = &size, .help = "of the problems: paper does not fit a cache", .choices = {"small", "paper"}},
      {.name = "rows", .value = &rows, .help = "rows of the unknown matrix, 0: as --size says", .least = 0, .most = 1e6},
      {.name = "measurements", .value = &measurements, .help = "measurements, 0: as --size says", .least = 0, .most = 1e9},
      {.name = "rank", .value = &rank, .help = "columns of the factors, 0: as --size says", .least = 0, .most = 1e4},
      {.name = "repeats", .value = &repeats, .help = "turns of each kernel, of 30 ms or more", .least = 1, .most = 1e6},
      {.name = "threads", .value = &threads, .help = "threads to use, 0: one a core", .least = 0, .most = 1024},
      {.name = "paced",
       .value = &paced,
       .help = "take a turn for each line of standard input and print it as JSON, so as to take turns with other programs"},
      {.name = "json", .value = &json, .help = "print JSON"},
      {.name = "quiet", .value = &quiet, .help = "no progress bar"},
  };
}

BenchSize chosen_size(const BenchCase& kernel, const BenchOptions& options) {
  BenchSize size = options.size == "small" ? kernel.small : kernel.paper;
  if (options.rows > 0) size.rows = options.rows;
  if (options.measurements > 0) size.measurements = options.measurements;
  if (options.rank > 0) size.rank = options.rank;
  return size;
}

struct Measured {
  std::string name;
  BenchWork work;
  Spread seconds;
  double read_rate = 0, flop_rate = 0;  // the machine's, in turns with the kernel

  double rate() const { return work.bytes / seconds.median; }
  double flops() const { return work.flops / seconds.median; }
};

Measured measure(const BenchCase& kernel, const BenchOptions& options, const Yardsticks& yardsticks,
                 const std::function<void(double)>& progress) {
  Measured measured{kernel.name, kernel.make(chosen_size(kernel, options)), {}, 0, 0};
  take_turn(measured.work);  // workspaces are made here
  std::vector<double> seconds, read, flops;
  for (Index k = 0; k < options.repeats; ++k) {
    read.push_back(yardsticks.read_rate());
    flops.push_back(Yardsticks::flop_rate(measured.work.single));
    seconds.push_back(take_turn(measured.work).seconds);
    progress(static_cast<double>(k + 1) / static_cast<double>(options.repeats));
  }
  measured.work.run = nullptr;  // and the data with it
  measured.seconds = spread_of(seconds);
  measured.read_rate = spread_of(read).median;
  measured.flop_rate = *std::max_element(flops.begin(), flops.end());  // arithmetic alone is as fast as it ever was
  return measured;
}

Json work_json(const std::string& name, const BenchWork& work) {
  return {{"name", name},
          {"shape", work.shape},
          {"bytes", work.bytes},
          {"flops", work.flops},
          {"precision", work.single ? "single" : "double"},
          {"residual_error", std::isfinite(work.error) ? Json(work.error) : Json()}};
}

Json to_json(const Measured& measured, Index repeats) {
  Json json = work_json(measured.name, measured.work);
  json["repeats"] = repeats;
  json["seconds"] = {{"median", measured.seconds.median}, {"lower", measured.seconds.lower}, {"upper", measured.seconds.upper}};
  json["gigabytes_per_second"] = measured.rate() / 1e9;
  json["read_gigabytes_per_second"] = measured.read_rate / 1e9;
  json["fraction_of_read"] = measured.rate() / measured.read_rate;
  json["gigaflops"] = measured.flops() / 1e9;
  json["peak_gigaflops"] = measured.flop_rate / 1e9;
  json["fraction_of_peak"] = measured.flops() / measured.flop_rate;
  return json;
}

std::string time_text(double seconds) {
  if (seconds >= 1) return fmt::format("{:.2f} s", seconds);
  return seconds >= 1e-3 ? fmt::format("{:.2f} ms", 1e3 * seconds) : fmt::format("{:.2f} us", 1e6 * seconds);
}

void print_heading() {
  fmt::print("gossan {}, {} instructions, threads: {}\n\n", version(), simd_level(), threads());
  fmt::print("{:<22}{:>12}{:>25}{:>9}{:>9}{:>10}{:>9}{:>10}\n", "kernel", "a sweep", "half of them within", "GB/s", "of read",
             "GFLOP/s", "of peak", "error");
}

void print(const Measured& measured) {
  const BenchWork& work = measured.work;
  const std::string within = fmt::format("{} - {}", time_text(measured.seconds.lower), time_text(measured.seconds.upper));
  fmt::print("{:<22}{:>12}{:>25}{:>9.2f}{:>7.0f} %{:>10.2f}{:>7.0f} %{:>10}\n", measured.name, time_text(measured.seconds.median),
             within, measured.rate() / 1e9, 100 * measured.rate() / measured.read_rate, measured.flops() / 1e9,
             100 * measured.flops() / measured.flop_rate, std::isfinite(work.error) ? fmt::format("{:.1e}", work.error) : "-");
  fmt::print("  {}: {:.1f} MB a sweep; the machine reads {:.1f} GB/s, peak {:.0f} GFLOP/s in {} precision\n", work.shape,
             work.bytes / 1e6, measured.read_rate / 1e9, measured.flop_rate / 1e9, work.single ? "single" : "double");
  std::fflush(stdout);
}

ExitCode paced(const BenchCase& kernel, const BenchOptions& options) {
  const BenchWork work = kernel.make(chosen_size(kernel, options));
  take_turn(work);
  const auto say = [](const Json& json) {
    fmt::print("{}\n", json.dump());
    std::fflush(stdout);
  };
  say(work_json(kernel.name, work));
  for (std::string line; std::getline(std::cin, line);) {
    const Turn turn = take_turn(work);
    say({{"seconds", turn.seconds}, {"cpu_seconds", turn.cpu_seconds}});
  }
  return recovered;
}

ExitCode measure_all(const std::vector<BenchCase>& kernels, const BenchOptions& options) {
  ProgressBar bar("bench", options.quiet);
  const Yardsticks yardsticks;
  Json rows = Json::array();
  if (!options.json) print_heading();
  for (std::size_t k = 0; k < kernels.size(); ++k) {
    const auto progress = [&](double share) {
      bar.show(kernels[k].name, (static_cast<double>(k) + share) / static_cast<double>(kernels.size()));
    };
    progress(0);
    const Measured measured = measure(kernels[k], options, yardsticks, progress);
    bar.clear();
    if (options.json) {
      rows.push_back(to_json(measured, options.repeats));
    } else {
      print(measured);
    }
  }
  if (options.json) {
    fmt::print("{}", json_text({{"schema_version", 1},
                                {"version", version()},
                                {"threads", threads()},
                                {"instructions", simd_level()},
                                {"kernels", std::move(rows)}}));
  }
  return recovered;
}

}  // namespace

ExitCode bench_verb(const Arguments& arguments) {
  BenchOptions options;
  Parser parser("gossan bench", bench_help(), bench_examples);
  parser.options("Options", options.fields());
  if (!parser.parse(arguments)) return recovered;
  if (options.paced && options.kernel.empty()) throw std::invalid_argument("--paced: no kernel, expected --kernel NAME with it");
  auto kernels = bench_cases();
  if (!options.kernel.empty()) kernels = {find(bench_cases(), options.kernel, "kernel")};
  set_threads(static_cast<int>(options.threads));
  return options.paced ? paced(kernels.front(), options) : measure_all(kernels, options);
}

}  // namespace gossan::cli
