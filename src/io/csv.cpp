// CSV as RFC 4180 has it, with what is found in practice: other delimiters, comments, blank lines, a byte-order mark, blanks
// around cells, any line ends. Anything ambiguous is refused with its line.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "gossan/io.hpp"
#include "io/mapped_file.hpp"
#include "io/text.hpp"

namespace gossan {
namespace {

bool is_line_end(char c) { return c == '\n' || c == '\r'; }

// Cuts text into rows of cells. Blank lines and comments are passed over.
class RowScanner {
 public:
  RowScanner(std::string_view text, const std::filesystem::path& name) : text_(text), name_(name) {
    skip_blank_lines();
    delimiter_ = guess_delimiter();
  }

  Index line() const { return line_; }  // of the row that comes next
  bool at_end() const { return at_ == text_.size(); }

  std::vector<std::string> next_row(std::size_t expected_cells) {
    std::vector<std::string> cells;
    cells.reserve(expected_cells);
    const Index row_line = line_;
    do cells.push_back(next_cell(row_line, cells.size() + 1));
    while (accept_delimiter());
    end_line();
    skip_blank_lines();
    return cells;
  }

 private:
  bool at_line_end() const { return at_end() || is_line_end(text_[at_]); }
  bool accept_delimiter() {
    if (at_end() || text_[at_] != delimiter_) return false;
    ++at_;
    return true;
  }
  void end_line() {  // \n, \r\n or \r
    if (at_end()) return;
    if (text_[at_] == '\r' && at_ + 1 < text_.size() && text_[at_ + 1] == '\n') ++at_;
    ++at_;
    ++line_;
  }
  // Blanks around cells; a tab may be the delimiter.
  void skip_blanks() {
    while (!at_end() && (text_[at_] == ' ' || (text_[at_] == '\t' && delimiter_ != '\t'))) ++at_;
  }
  void skip_blank_lines() {
    while (!at_end()) {
      const auto end = std::min(text_.find_first_of("\r\n", at_), text_.size());
      const bool comment = text_[at_] == '#';
      const bool blank = text_.substr(at_, end - at_).find_first_not_of(" \t") == std::string_view::npos;
      if (!comment && !blank) return;
      at_ = end;
      end_line();
    }
  }

  // The one of comma, semicolon and tab that the first row has most of, outside quotes.
  char guess_delimiter() const {
    constexpr std::array candidates{',', ';', '\t'};
    std::array<Index, candidates.size()> count{};
    bool inside_quotes = false;
    for (const char c : text_.substr(at_)) {
      if (c == '"') inside_quotes = !inside_quotes;
      if (inside_quotes) continue;
      if (is_line_end(c)) break;
      for (std::size_t k = 0; k < candidates.size(); ++k) count[k] += c == candidates[k] ? 1 : 0;
    }
    return candidates[static_cast<std::size_t>(std::max_element(count.begin(), count.end()) - count.begin())];
  }

  std::string next_cell(Index row_line, std::size_t column) {
    const auto before_blanks = at_;
    skip_blanks();
    if (!at_end() && text_[at_] == '"') return quoted_cell(row_line, column);
    const auto start = before_blanks;
    while (!at_line_end() && text_[at_] != delimiter_) ++at_;
    return std::string(trimmed(text_.substr(start, at_ - start)));
  }

  std::string quoted_cell(Index row_line, std::size_t column) {
    std::string cell;
    const Index opened = line_;
    for (++at_;;) {
      if (at_end())
        bad_file(name_, fmt::format("line {}", opened), fmt::format("column {} opens a quote that is never closed", column));
      const char c = text_[at_];
      if (c == '"') {
        ++at_;
        if (at_end() || text_[at_] != '"') break;
        cell += '"';
        ++at_;
      } else if (is_line_end(c)) {
        const auto from = at_;
        end_line();
        cell += text_.substr(from, at_ - from);
      } else {
        cell += c;
        ++at_;
      }
    }
    skip_blanks();
    if (!at_line_end() && text_[at_] != delimiter_)
      bad_file(name_, fmt::format("line {}", row_line),
               fmt::format("column {} goes on with {} after its closing quote, expected {} or the end of the line", column,
                           in_quotes(text_.substr(at_, 8)), in_quotes({&delimiter_, 1})));
    return cell;
  }

  std::string_view text_;
  const std::filesystem::path& name_;
  std::size_t at_ = 0;
  Index line_ = 1;
  char delimiter_ = ',';
};

Index line_of(std::string_view text, std::size_t at) {
  const std::string_view before = text.substr(0, at);
  const auto lone_returns = [&] {
    Index count = 0;
    for (std::size_t k = 0; k < before.size(); ++k)
      count += before[k] == '\r' && (k + 1 == text.size() || text[k + 1] != '\n') ? 1 : 0;
    return count;
  };
  return 1 + std::count(before.begin(), before.end(), '\n') + lone_returns();
}

// Without the byte-order mark; refuses what is not text.
std::string_view checked_text(std::string_view text, const std::filesystem::path& name) {
  constexpr std::string_view mark = "\xEF\xBB\xBF";
  if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF")) bad_file(name, "", "is UTF-16 text, expected UTF-8");
  if (text.starts_with(mark)) text.remove_prefix(mark.size());
  const auto zero = text.find('\0');
  if (zero != std::string_view::npos)
    bad_file(name, fmt::format("line {}", line_of(text, zero)), "has a zero byte, expected text");
  const auto foreign = first_non_utf8(text);
  if (foreign != std::string_view::npos)
    bad_file(name, fmt::format("line {}", line_of(text, foreign)),
             fmt::format("has the byte 0x{:02x}, expected UTF-8 text", static_cast<unsigned char>(text[foreign])));
  return text;
}

bool has_number(const std::vector<std::string>& cells) {
  return std::any_of(cells.begin(), cells.end(), [](const std::string& cell) { return parse_double(cell).has_value(); });
}

bool names_all(const std::vector<std::string>& cells, const std::vector<std::string>& expected) {
  return !expected.empty() && std::all_of(expected.begin(), expected.end(), [&](const std::string& name) {
    return std::find(cells.begin(), cells.end(), name) != cells.end();
  });
}

// Moves the first row to the header when it is one.
void split_header(Csv& table, const std::vector<std::string>& expected) {
  const std::vector<std::string>& first = table.rows.front();
  const bool names_over_numbers = table.rows.size() > 1 && !has_number(first) && has_number(table.rows[1]);
  if (!names_over_numbers && !names_all(first, expected)) return;
  table.header = std::move(table.rows.front());
  table.rows.erase(table.rows.begin());
  table.lines.erase(table.lines.begin());
}

}  // namespace

Csv parse_csv(std::string_view text, const std::filesystem::path& name, const std::vector<std::string>& expected) {
  if (text.empty()) bad_file(name, "", "is empty, expected a table");
  RowScanner scanner(checked_text(text, name), name);
  Csv table;
  while (!scanner.at_end()) {
    const std::size_t cells = table.rows.empty() ? 0 : table.rows.front().size();
    table.lines.push_back(scanner.line());
    table.rows.push_back(scanner.next_row(cells));
    if (cells != 0 && table.rows.back().size() != cells)
      bad_file(name, fmt::format("line {}", table.lines.back()),
               fmt::format("has {} cells, expected {} as in line {}", table.rows.back().size(), cells, table.lines.front()));
  }
  if (!table.rows.empty()) split_header(table, expected);
  if (table.rows.empty()) bad_file(name, "", "holds no rows, expected a table");
  return table;
}

Csv read_csv(const std::filesystem::path& file, const std::vector<std::string>& expected) {
  const MappedFile mapped(file);
  return parse_csv(mapped.text(), file, expected);
}

double number(const Csv& table, Index row, Index column, const std::filesystem::path& name) {
  const auto r = static_cast<std::size_t>(row), c = static_cast<std::size_t>(column);
  if (row < 0 || r >= table.rows.size() || column < 0 || c >= table.rows[r].size())
    throw std::invalid_argument(fmt::format("number: cell ({}, {}), expected one inside the table", row, column));
  const std::string& cell = table.rows[r][c];
  const auto value = parse_double(cell);
  if (value && std::isfinite(*value)) return *value;
  const std::string place = c < table.header.size() ? table.header[c] : fmt::format("column {}", c + 1);
  bad_file(name, fmt::format("line {}", table.lines[r]),
           cell.empty() ? fmt::format("{} is empty, expected a finite number", place)
                        : fmt::format("{} is {}, expected a finite number", place, in_quotes(cell)));
}

}  // namespace gossan
