// gossan generate VERB: synthetic input with its truth.
#include "gossan/generate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "gossan/generate_table.hpp"
#include "gossan/inputs.hpp"
#include "gossan/io.hpp"
#include "gossan/present.hpp"
#include "parse/common.hpp"
#include "parse/parser.hpp"
#include "run/run_folder.hpp"
#include "verbs/generated.hpp"

namespace gossan::cli {
namespace {

constexpr const char* generate_locate_help =
    "Distances between points, a share of them lies. Points come from a CSV (latitude and longitude in degrees for great-circle, "
    "else x1, x2, ... or all columns of numbers), or are drawn at random.\n"
    "Writes distances.csv (i, j, distance; ids are rows of the points from 0), lies.npy (one yes/no a distance), truth.csv "
    "(random "
    "points) and generate.json.";
constexpr const char* generate_locate_examples =
    "Examples:\n"
    "  gossan generate locate --points cities.csv --metric great-circle --observed 0.3 --lies 0.3 --round 1 --out out/world\n"
    "  gossan generate locate --shape clusters --count 200 --dimension 2 --out out/points";
constexpr const char* generate_sense_help =
    "Linear measurements of a random low-rank matrix, a share of them wrong.\n"
    "Writes A.npy (n x rows x cols) or, with --ensemble, ensemble.json alone, y.npy, X.npy (the truth), corrupted.npy and "
    "generate.json.";
constexpr const char* generate_sense_examples =
    "Examples:\n"
    "  gossan generate sense --rows 20 --rank 3 --measurements 600 --corrupted 0.2 --out out/sense\n"
    "  gossan generate sense --rows 30 --cols 20 --kind sign-flip --noise 0.01 --seed 4\n"
    "  gossan generate sense --rows 100 --rank 3 --measurements 6000 --ensemble rademacher";

constexpr const char* table_help =
    "A table of a random low-rank matrix, a share of its entries wrong or missing.\n"
    "Writes Y.npy (NaN: missing), X.npy (the truth), corrupted.npy and generate.json.";
constexpr const char* table_examples =
    "Examples:\n"
    "  gossan generate rpca --rows 200 --cols 150 --rank 5 --corrupted 0.3 --kind one-sided --out out/rpca\n"
    "  gossan generate rpca --observed 0.5 --noise 0.01 --seed 4";

// What `generate` shows of the options of random points: the seed is shared, `points` names a file here.
struct PointSource {
  std::string points;
  GeneratePointsOptions random;
  Fields fields() {
    Fields list = {{.name = "points", .value = &points, .help = "CSV of the points to measure; without it they are drawn"}};
    for (Field field : random.fields()) {
      if (field.name == "seed") continue;
      if (field.name == "points") field.name = "count";
      list.push_back(std::move(field));
    }
    return list;
  }
};

Matrix read_points(const std::string& file, const GenerateLocateOptions& options) {
  return options.metric == "great-circle" ? read_latitude_longitude(file) : read_coordinates(file);
}

std::string coordinates_csv(const Matrix& points) {
  std::vector<std::string> cells = {"id"};
  for (Index k = 0; k < points.cols(); ++k) cells.push_back(fmt::format("x{}", k + 1));
  std::string text = csv_line(cells);
  for (Index i = 0; i < points.rows(); ++i) {
    cells = {fmt::format("{}", i)};
    for (Index k = 0; k < points.cols(); ++k) cells.push_back(csv_number(points(i, k)));
    text += csv_line(cells);
  }
  return text;
}

std::string distances_csv(const Distances& pairs) {
  std::string text = "i,j,distance\n";
  for (std::size_t e = 0; e < pairs.distance.size(); ++e)
    text += fmt::format("{},{},{}\n", pairs.i[e], pairs.j[e], pairs.distance[e]);
  return text;
}

Index count(const std::vector<bool>& flags) { return static_cast<Index>(std::count(flags.begin(), flags.end(), true)); }

ExitCode generate_locate(const Arguments& arguments) {
  GenerateLocateOptions options;
  PointSource source;
  const Generator generator{
      "locate", generate_locate_help, generate_locate_examples, {{"Distances", options.fields()}, {"Points", source.fields()}}};
  return generate_instance(generator, arguments, [&](const RunFolder& folder) -> Counts {
    const bool drawn = source.points.empty();
    if (drawn && options.metric == "great-circle") {
      throw std::invalid_argument(
          "--metric great-circle needs --points with latitude and longitude: random points are euclidean");
    }
    source.random.seed = options.seed;
    const Matrix points = drawn ? generate_points(source.random) : read_points(source.points, options);
    const GeneratedDistances made = generate_distances(points, options);
    write_text(folder / "distances.csv", distances_csv(made.distances));
    write_npy(folder / "lies.npy", made.lies);
    if (drawn) write_text(folder / "truth.csv", coordinates_csv(points));
    return {{"points", points.rows()}, {"distances", std::ssize(made.distances.distance)}, {"lies", count(made.lies)}};
  });
}

ExitCode generate_sense(const Arguments& arguments) {
  GenerateSenseOptions options;
  const Generator generator{"sense", generate_sense_help, generate_sense_examples, {{"Instance", options.fields()}}};
  return generate_instance(generator, arguments, [&](const RunFolder& folder) -> Counts {
    const GeneratedSensing made = generate_sensing(options);
    const auto n = static_cast<Index>(made.y.size());
    if (made.implicit) {
      write_ensemble(folder / "ensemble.json", *made.implicit);
    } else {
      const std::vector<Index> shape = {n, made.rows, made.cols};
      write_npy(folder / "A.npy", {made.A.data(), static_cast<std::size_t>(made.A.size())}, shape);
    }
    write_npy(folder / "y.npy", made.y, std::vector<Index>{n});
    write_npy(folder / "X.npy", made.X);
    write_npy(folder / "corrupted.npy", made.corrupted);
    return {{"rows", made.rows}, {"cols", made.cols}, {"measurements", n}, {"corrupted", count(made.corrupted)}};
  });
}

ExitCode generate_rpca(const Arguments& arguments) {
  GenerateTableOptions options;
  const Generator generator{"rpca", table_help, table_examples, {{"Instance", options.fields()}}};
  return generate_instance(generator, arguments, [&](const RunFolder& folder) -> Counts {
    const GeneratedTable made = generate_table(options);
    const std::vector<Index> shape = {made.X.rows(), made.X.cols()};
    write_npy(folder / "Y.npy", made.Y);
    write_npy(folder / "X.npy", made.X);
    write_npy_mask(folder / "corrupted.npy", made.corrupted, shape);
    return {{"rows", shape[0]}, {"cols", shape[1]}, {"observed", made.observed}, {"corrupted", count(made.corrupted)}};
  });
}

const std::vector<Verb>& instances() {
  static const std::vector<Verb> table = {
      {"locate", "distances between points, a share of them lies", generate_locate},
      {"complete", "some entries of a low-rank matrix", generate_complete},
      {"ratings", "ratings of rows by columns, some of them random or reversed", generate_ratings_verb},
      {"sense", "measurements of a low-rank matrix, a share of them wrong", generate_sense},
      {"rpca", "a table of a low-rank matrix, a share of its entries wrong or missing", generate_rpca},
  };
  return table;
}

}  // namespace

ExitCode generate_instance(const Generator& generator, const Arguments& arguments,
                           const std::function<Counts(const RunFolder& folder)>& make) {
  CommonOptions common{.out = "gossan-out/generate"};
  Parser parser("gossan generate " + generator.name, generator.help, generator.examples);
  for (const auto& [group, fields] : generator.options) parser.options(group, fields);
  parser.options("Common", common.fields());
  if (!parser.parse(arguments)) return recovered;
  apply(common);
  const RunFolder folder(common.out);
  const Counts counts = make(folder);
  const std::string text = generated_json(generator.name, counts, parser.values());
  write_text(folder / "generate.json", text);
  if (common.json) {
    fmt::print("{}", text);
  } else if (!common.quiet) {
    fmt::print("generate {}:", generator.name);
    for (const auto& [name, value] : counts) fmt::print(" {} {}", value, name);
    fmt::print("\n  written to  {}\n", (folder / "").string());
  }
  return recovered;
}

ExitCode generate_verb(const Arguments& arguments) {
  const std::string usage = "Usage: gossan generate VERB [--option value] [--out DIR]\n\nInput for:\n" + list_verbs(instances());
  return run_named(instances(), "instance", usage, arguments);
}

}  // namespace gossan::cli
