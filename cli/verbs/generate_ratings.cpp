// gossan generate ratings and gossan generate complete: entries of matrices, with their truth.
#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "gossan/generate.hpp"
#include "gossan/io.hpp"
#include "verbs/generated.hpp"

namespace gossan::cli {
namespace {

constexpr const char* ratings_help =
    "Ratings of rows by columns: effects of both, a low-rank taste, noise, rounded to levels, a share drawn at random and a "
    "share "
    "turned round.\n"
    "Writes ratings.csv (row,col,value; ids from 0) or ratings.mtx, bad.npy (one yes/no a rating), row_factors.npy, "
    "col_factors.npy, "
    "row_bias.npy, col_bias.npy and, up to 10^7 places, X.npy (what is expected of every place), and generate.json.";
constexpr const char* ratings_examples =
    "Examples:\n"
    "  gossan generate ratings --random 0.1 --reversed 0.1 --out out/ratings\n"
    "  gossan generate ratings --rows 100000 --cols 10000 --observed 0.01 --file mtx --out out/many";
constexpr const char* entries_help =
    "Some entries of a random low-rank matrix, exact.\n"
    "Writes ratings.csv (row,col,value; ids from 0) or ratings.mtx, X.npy (the truth) and generate.json.";
constexpr const char* entries_examples =
    "Examples:\n"
    "  gossan generate complete --rows 200 --cols 150 --rank 5 --observed 0.2 --out out/holes";

struct FileOption {
  std::string file = "csv";
  Fields fields() {
    return {{.name = "file", .value = &file, .help = "what the entries are written as", .choices = {"csv", "mtx"}}};
  }
};

void write_entries(const RunFolder& folder, const std::string& kind, const Ratings& ratings) {
  const bool csv = kind == "csv";
  std::string text = csv ? "row,col,value\n"
                         : fmt::format("%%MatrixMarket matrix coordinate real general\n{} {} {}\n", ratings.rows, ratings.cols,
                                       ratings.value.size());
  auto out = std::back_inserter(text);
  for (std::size_t e = 0; e < ratings.value.size(); ++e) {
    if (csv)
      fmt::format_to(out, "{},{},{}\n", ratings.i[e], ratings.j[e], ratings.value[e]);
    else
      fmt::format_to(out, "{} {} {}\n", ratings.i[e] + 1, ratings.j[e] + 1, ratings.value[e]);
  }
  write_text(folder / ("ratings." + kind), text);
}

}  // namespace

ExitCode generate_ratings_verb(const Arguments& arguments) {
  GenerateRatingsOptions options;
  FileOption file;
  const Generator generator{"ratings", ratings_help, ratings_examples, {{"Ratings", options.fields()}, {"File", file.fields()}}};
  return generate_instance(generator, arguments, [&](const RunFolder& folder) -> Counts {
    const GeneratedRatings made = generate_ratings(options);
    write_entries(folder, file.file, made.ratings);
    write_npy(folder / "bad.npy", made.bad);
    write_npy(folder / "row_factors.npy", made.row_factors);
    write_npy(folder / "col_factors.npy", made.col_factors);
    write_npy(folder / "row_bias.npy", Matrix(made.row_bias));
    write_npy(folder / "col_bias.npy", Matrix(made.col_bias));
    constexpr Index most_places = 10'000'000;
    if (options.rows <= most_places / options.cols) {
      Matrix X(options.rows, options.cols);
      for (Index i = 0; i < X.rows(); ++i) {
        for (Index j = 0; j < X.cols(); ++j) X(i, j) = made.expected(i, j);
      }
      write_npy(folder / "X.npy", X);
    }
    return {{"rows", options.rows},
            {"cols", options.cols},
            {"ratings", std::ssize(made.ratings.value)},
            {"bad", std::count(made.bad.begin(), made.bad.end(), true)}};
  });
}

ExitCode generate_complete(const Arguments& arguments) {
  GenerateEntriesOptions options;
  FileOption file;
  const Generator generator{"complete", entries_help, entries_examples, {{"Matrix", options.fields()}, {"File", file.fields()}}};
  return generate_instance(generator, arguments, [&](const RunFolder& folder) -> Counts {
    const GeneratedEntries made = generate_entries(options);
    write_entries(folder, file.file, {made.rows, made.cols, made.i, made.j, made.value});
    write_npy(folder / "X.npy", made.X);
    return {{"rows", made.rows}, {"cols", made.cols}, {"entries", made.value.size()}};
  });
}

}  // namespace gossan::cli
