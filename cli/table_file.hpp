// A table with holes from a file.
#pragma once

#include <memory>
#include <string>

#include "gossan/complete.hpp"
#include "gossan/io.hpp"
#include "gossan/rpca.hpp"

namespace gossan::cli {

struct TableFile {
  TableRows table;
  bool streams = false;  // rows are read from the file when they are asked for, and nothing is held
  std::shared_ptr<const void> held = {};
};

// .npy, .npz, .csv, .mtx or .mat; `variable` names the array where a file holds several. NaN is what was not observed; in a
// coordinate .mtx, whatever has no entry. Of .npy files in C order rows are read when they are needed. Throws BadFile on what is
// no matrix, on a number that is infinite or beyond 1e150, and on an entry given twice.
TableFile read_table(const std::string& file, const std::string& variable);

// Entries as a table, NaN where there is none. Throws BadFile, naming the file, where that is too large to be held, and as above.
TableFile table_of(const Ratings& entries, const std::string& file);

}  // namespace gossan::cli
