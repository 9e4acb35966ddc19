#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "generate/low_rank.hpp"
#include "gossan/generate.hpp"
#include "gossan/random.hpp"

namespace gossan {

Fields GenerateCompleteOptions::fields() {
  constexpr double most = 1e6;
  return {
      {.name = "rows", .value = &rows, .help = "rows of the matrix", .least = 1, .most = most},
      {.name = "cols", .value = &cols, .help = "columns of the matrix; 0: symmetric PSD, rows x rows", .least = 0, .most = most},
      {.name = "rank", .value = &rank, .help = "rank of the matrix", .least = 1, .most = most},
      {.name = "condition", .value = &condition, .help = "largest singular value over the smallest", .least = 1},
      {.name = "spectrum", .value = &spectrum, .help = "the singular values instead, with commas between: 10,5,1"},
      {.name = "observed", .value = &observed, .help = "chance of every entry to be seen", .least = 0, .most = 1, .above = true},
      {.name = "seed", .value = &seed, .help = "seed of the random numbers"},
  };
}

GeneratedEntries generate_entries(GenerateCompleteOptions options) {
  check(options.fields(), "completion");
  const bool symmetric = options.cols == 0;
  GeneratedEntries made;
  made.rows = options.rows;
  made.cols = symmetric ? options.rows : options.cols;
  if (options.rank > std::min(made.rows, made.cols)) {
    throw std::invalid_argument(fmt::format("option 'rank' of completion: value '{}' must be <= the smaller of rows and cols, {}",
                                            options.rank, std::min(made.rows, made.cols)));
  }
  constexpr Index most = Index{1} << 31;  // numbers: 16 GiB
  if (made.rows > most / made.cols) throw std::invalid_argument("completion: rows x cols exceeds 2^31 numbers (16 GiB)");
  const Vector s = generate::singular_values(options.rank, options.condition, options.spectrum, "completion");
  made.X = generate::random_low_rank(made.rows, made.cols, s, symmetric, options.seed, 141);
  const Random coin(options.seed, 143);
  for (Index e = 0; e < made.X.size(); ++e) {
    if (coin.uniform(e) >= options.observed) continue;
    made.i.push_back(e / made.cols);
    made.j.push_back(e % made.cols);
    made.value.push_back(made.X.data()[e]);
  }
  return made;
}

}  // namespace gossan
