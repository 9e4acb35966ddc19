// present_sample DIR: recovers small instances that are held in memory, and writes what is presented of each: NAME.json,
// NAME.html and NAME.facts, a line a fact. Beside them the table and the distances, for the program to recover as well.
#include <filesystem>
#include <fstream>
#include <string>

#include "gossan/apply.hpp"
#include "gossan/compare.hpp"
#include "gossan/complete.hpp"
#include "gossan/generate.hpp"
#include "gossan/generate_table.hpp"
#include "gossan/io.hpp"
#include "gossan/locate.hpp"
#include "gossan/operators.hpp"
#include "gossan/present.hpp"
#include "gossan/probe.hpp"
#include "gossan/rpca.hpp"
#include "gossan/sense.hpp"

namespace {

using namespace gossan;

class Folder {
 public:
  explicit Folder(std::filesystem::path path) : path_(std::move(path)) {}
  std::filesystem::path operator/(const std::string& name) const { return path_ / name; }
  void keep(const std::string& name, const Presentation& shown) const {
    write_text(path_ / (name + ".json"), shown.summary);
    write_text(path_ / (name + ".html"), render_html(shown.page));
    std::string facts = "verdict\t" + shown.verdict() + "\nmessage\t" + shown.message() + "\n";
    for (const auto& [fact, text] : shown.facts()) facts += fact + "\t" + text + "\n";
    write_text(path_ / (name + ".facts"), facts);
  }

 private:
  std::filesystem::path path_;
};

void locate_points(const Folder& out) {
  const Matrix truth = generate_points({.points = 40, .dimension = 2, .seed = 3});
  const Distances pairs = generate_distances(truth, {.observed = 0.6, .lies = 0.2}).distances;
  const LocateOptions options;
  const Located located = locate(pairs, options);
  LocateRun run{.pairs = pairs, .options = options, .located = located};
  out.keep("locate", present(run));
  run.compared = compare(truth, pairs, located, options);
  run.truth = &truth;
  out.keep("locate-truth", present(run, {.inputs = {{"distances"}, {"points", "truth"}}}));
  std::string text;
  for (std::size_t e = 0; e < pairs.distance.size(); ++e)
    text += std::to_string(pairs.i[e]) + "," + std::to_string(pairs.j[e]) + "," + csv_number(pairs.distance[e]) + "\n";
  write_text(out / "distances.csv", text);
  write_text(out / "points.csv", points_csv({.pairs = pairs, .options = options, .located = located}));
}

void sense_matrix(const Folder& out) {
  const GeneratedSensing made = generate_sensing({.rows = 10, .rank = 2, .corrupted = 0.1});
  const auto A = dense(made.A, made.rows, made.cols);
  for (const std::string method : {"auto", "subgradient"}) {
    SenseOptions options;
    options.method = method;
    options.max_iterations = 300;
    Watch watch;
    watch.truth = &made.X;
    const Sensed sensed = sense(*A, made.y, options, watch);
    out.keep("sense-" + method, present(SenseRun{*A, options, sensed, compare(made.X, *A, made.y, sensed), "dense"}));
  }
  const ProbeOptions options;
  const ProbePoint point = factored(made.X, made.rows);
  out.keep("probe", present(ProbeRun{*A, options, probe(*A, made.y, point, &made.X, options), point.symmetric(), "dense"}));
}

void decompose_table(const Folder& out) {
  const GeneratedTable made = generate_table({.rows = 60, .cols = 40, .rank = 2, .observed = 0.9, .corrupted = 0.1});
  const TableRows table = table_of(made.Y);
  const RpcaOptions options;
  const Decomposed found = rpca(table, options);
  const double bytes = 8 * static_cast<double>(made.Y.size());
  out.keep("rpca", present(RpcaRun{table, options, found, bytes}));
  out.keep("rpca-truth", present(RpcaRun{table, options, found, bytes, compare(made.X, table, found)}));
  write_npy(out / "Y.npy", made.Y);
  const LowRankModel model = low_rank_model(found, table);
  const Applied applied = apply(model, table);
  out.keep("apply-table", present(ApplyTableRun{model, table, applied}));
}

void complete_ratings(const Folder& out) {
  const Ratings ratings = generate_ratings({.rows = 80, .cols = 50, .observed = 0.4, .random = 0.1}).ratings;
  const CompleteOptions options;
  const Completed completed = complete(ratings, options);
  const RatedEntries entries{ratings, completed, completed};
  const Predictions again = predict_within({1, 5}, completed, ratings.i, ratings.j);
  out.keep("complete",
           present(CompleteRun{entries, options, completed, "matrix", 0, compare(again, ratings.i, ratings.j, ratings.value)}));
  const RatingsModel model{static_cast<const EntryModel&>(completed)};
  const AppliedRatings applied = apply(model, ratings);
  std::vector<Index> rows;
  for (Index i = 0; i < ratings.rows; ++i) rows.push_back(i);
  out.keep("apply-ratings",
           present(ApplyRatingsRun{{ratings, applied.model, applied.flags}, model, applied, rows, ratings.rows}));
}

}  // namespace

int main(int, char** arguments) {
  const Folder out(arguments[1]);
  locate_points(out);
  sense_matrix(out);
  decompose_table(out);
  complete_ratings(out);
}
