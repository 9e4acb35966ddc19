#include "fuzz.hpp"

using namespace gossan;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return fuzz::run(data, size, [](auto, auto text) {
    const Csv table = parse_csv(text, "input", {"i", "j"});
    fuzz::demand(!table.rows.empty() && table.lines.size() == table.rows.size());
    for (std::size_t row = 0; row < table.rows.size(); ++row) {
      fuzz::demand(table.rows[row].size() == table.rows[0].size());
      fuzz::demand(row == 0 || table.lines[row] > table.lines[row - 1]);
    }
    fuzz::demand(table.header.empty() || table.header.size() == table.rows[0].size());
    for (std::size_t column = 0; column < table.rows[0].size(); ++column) number(table, 0, static_cast<Index>(column), "input");
  });
}
