#include <cmath>
#include <limits>
#include <stdexcept>

#include "generate/low_rank.hpp"
#include "gossan/generate_table.hpp"
#include "gossan/random.hpp"

namespace gossan {
namespace {

constexpr const char* table_maker = "generate rpca";
constexpr double huge_factor = 100;

// Which entries are wrong: each by its own coin, or those of a block.
class WrongEntries {
 public:
  explicit WrongEntries(const GenerateTableOptions& options)
      : block_(options.kind == "block"),
        share_(options.corrupted),
        cols_(options.cols),
        entry_(options.seed, 153),
        row_(options.seed, 154),
        col_(options.seed, 155) {}
  bool operator()(Index i, Index j) const {
    if (block_) return row_.uniform(i) < share_ && col_.uniform(j) < share_;
    return entry_.uniform(i * cols_ + j) < share_;
  }

 private:
  bool block_;
  double share_;
  Index cols_;
  Random entry_, row_, col_;
};

}  // namespace

Fields GenerateTableOptions::fields() {
  Fields list = generate::matrix_fields(rows, cols, rank, condition, spectrum);
  const Fields own = {
      {.name = "observed", .value = &observed, .help = "chance of every entry to be seen", .least = 0, .most = 1, .above = true},
      {.name = "corrupted",
       .value = &corrupted,
       .help = "chance of every entry to be wrong; kind block: of every row and column to be part of it",
       .least = 0,
       .most = 1},
      {.name = "kind",
       .value = &kind,
       .help = "what is added to wrong entries",
       .choices = {"unif", "huge", "one-sided", "flip", "block"}},
      {.name = "magnitude",
       .value = &magnitude,
       .help = "of what is added, in means of |X|; huge: 100 times as much is the standard deviation",
       .least = 0},
      {.name = "noise", .value = &noise, .help = "standard deviation of Gaussian noise, relative to the rms of X", .least = 0},
      seed_field(&seed),
  };
  list.insert(list.end(), own.begin(), own.end());
  return list;
}

GeneratedTable generate_table(GenerateTableOptions options) {
  check(options.fields(), table_maker);
  if (options.cols == 0) options.cols = options.rows;
  generate::check_rank(options.rank, options.rows, options.cols, table_maker);
  constexpr Index most = Index{1} << 31;  // numbers: 16 GiB
  if (options.rows > most / options.cols) throw std::invalid_argument("generate rpca: rows x cols exceeds 2^31 numbers (16 GiB)");
  const Vector s = generate::singular_values(options.rank, options.condition, options.spectrum, table_maker);
  GeneratedTable made;
  made.X = generate::random_low_rank(options.rows, options.cols, s, false, options.seed, 151);
  made.X *= std::sqrt(static_cast<double>(made.X.size())) / made.X.norm();
  const double mean = made.X.cwiseAbs().mean();
  const double add = options.magnitude * mean;
  const WrongEntries wrong(options);
  const Random seen(options.seed, 156), size(options.seed, 157), noise(options.seed, 158);
  made.Y = made.X;
  made.corrupted.assign(static_cast<std::size_t>(made.X.size()), false);
  for (Index i = 0; i < options.rows; ++i)
    for (Index j = 0; j < options.cols; ++j) {
      const Index e = i * options.cols + j;
      double& y = made.Y(i, j);
      if (seen.uniform(e) >= options.observed) {
        y = std::numeric_limits<double>::quiet_NaN();
        continue;
      }
      ++made.observed;
      const bool is_wrong = wrong(i, j);
      made.corrupted[static_cast<std::size_t>(e)] = is_wrong;
      if (is_wrong && options.kind == "unif") y += add * (2 * size.uniform(e) - 1);
      if (is_wrong && options.kind == "huge") y += huge_factor * add * size.normal(e);
      if (is_wrong && (options.kind == "one-sided" || options.kind == "block")) y += add;
      if (is_wrong && options.kind == "flip") y = -y;
      if (options.noise > 0) y += options.noise * noise.normal(e);
    }
  return made;
}

}  // namespace gossan
