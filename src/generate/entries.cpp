#include <stdexcept>

#include "generate/low_rank.hpp"
#include "gossan/generate.hpp"
#include "gossan/random.hpp"

namespace gossan {

Fields GenerateEntriesOptions::fields() {
  Fields list = generate::matrix_fields(rows, cols, rank, condition, spectrum);
  const Fields own = {
      {.name = "observed", .value = &observed, .help = "chance of every entry to be seen", .least = 0, .most = 1, .above = true},
      seed_field(&seed),
  };
  list.insert(list.end(), own.begin(), own.end());
  return list;
}

GeneratedEntries generate_entries(GenerateEntriesOptions options) {
  check(options.fields(), "completion");
  const bool symmetric = options.cols == 0;
  GeneratedEntries made;
  made.rows = options.rows;
  made.cols = symmetric ? options.rows : options.cols;
  generate::check_rank(options.rank, made.rows, made.cols, "completion");
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
