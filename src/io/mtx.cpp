// Matrix Market exchange format (Boisvert, Pozo, Remington, NISTIR 5935).
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <limits>

#include "gossan/io.hpp"
#include "io/mapped_file.hpp"
#include "io/numbers.hpp"
#include "io/text.hpp"

namespace gossan {
namespace {

constexpr std::string_view banner = "%%matrixmarket";

struct Banner {
  bool coordinate = false, pattern = false, integer = false, symmetric = false, skew = false;
};

// The non-blank lines after the comments, cut into words.
class LineScanner {
 public:
  LineScanner(std::string_view text, const std::filesystem::path& name) : text_(text), name_(name) {}

  bool next() {
    while (at_ < text_.size()) {
      const auto end = std::min(text_.find('\n', at_), text_.size());
      words_of(text_.substr(at_, end - at_));
      at_ = end + 1;
      ++line_;
      const bool comment = line_ > 1 && count_ > 0 && words_[0].front() == '%';
      if (count_ > 0 && !comment) return true;
    }
    return false;
  }

  std::size_t words() const { return count_; }
  std::string_view word(std::size_t k) const { return words_[k]; }

  void expect_words(std::size_t count, std::string_view what) const {
    if (count_ != count)
      fail(fmt::format("has {}{} words, expected {}: {}", count_, count_ == words_.size() ? " or more" : "", count, what));
  }
  [[noreturn]] void fail(std::string_view problem) const { bad_file(name_, fmt::format("line {}", line_), problem); }

 private:
  void words_of(std::string_view line) {
    count_ = 0;
    while (count_ < words_.size()) {
      const auto start = line.find_first_not_of(" \t\r");
      if (start == std::string_view::npos) return;
      line.remove_prefix(start);
      const auto end = std::min(line.find_first_of(" \t\r"), line.size());
      words_[count_++] = line.substr(0, end);
      line.remove_prefix(end);
    }
  }

  std::string_view text_;
  const std::filesystem::path& name_;
  std::size_t at_ = 0;
  Index line_ = 0;
  std::array<std::string_view, 6> words_;  // one more than any line may have
  std::size_t count_ = 0;
};

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return out;
}

Banner parse_banner(LineScanner& lines, const std::filesystem::path& name) {
  if (!lines.next() || lower(lines.word(0)) != banner)
    bad_file(name, "line 1",
             fmt::format("is no Matrix Market banner, expected '%%MatrixMarket matrix coordinate real general' or the like"));
  lines.expect_words(5, "%%MatrixMarket matrix format field symmetry");
  const auto one_of = [&](std::size_t k, std::string_view what, const auto& known) {
    std::string word = lower(lines.word(k));
    if (std::find(known.begin(), known.end(), word) == known.end())
      lines.fail(fmt::format("{} is {}, expected {}", what, in_quotes(lines.word(k)), fmt::join(known, ", ")));
    return word;
  };
  one_of(1, "object", std::array<std::string_view, 1>{"matrix"});
  const std::string format = one_of(2, "format", std::array<std::string_view, 2>{"coordinate", "array"});
  const std::string field = one_of(3, "field", std::array<std::string_view, 4>{"real", "double", "integer", "pattern"});
  const std::string symmetry = one_of(4, "symmetry", std::array<std::string_view, 3>{"general", "symmetric", "skew-symmetric"});
  const Banner result{format == "coordinate", field == "pattern", field == "integer", symmetry == "symmetric",
                      symmetry == "skew-symmetric"};
  if (result.pattern && !result.coordinate) lines.fail("field is pattern, which only the coordinate format may have");
  if (result.pattern && result.skew) lines.fail("field is pattern, which a skew-symmetric matrix cannot have");
  return result;
}

Index whole(const LineScanner& lines, std::size_t k, std::string_view what, Index low, Index high) {
  const auto value = parse_index(lines.word(k));
  if (!value || *value < low || *value > high)
    lines.fail(fmt::format("{} is {}, expected a whole number from {} to {}", what, in_quotes(lines.word(k)), low, high));
  return *value;
}

double value_at(const LineScanner& lines, std::size_t k, const Banner& kind) {
  const auto value = parse_double(lines.word(k));
  const bool missing = value && std::isnan(*value) && !kind.coordinate;  // how a dense matrix leaves an entry out
  const bool as_announced = value && std::isfinite(*value) && (!kind.integer || parse_index(lines.word(k)));
  if (!as_announced && !missing)
    lines.fail(
        fmt::format("value is {}, expected {}", in_quotes(lines.word(k)), kind.integer ? "a whole number" : "a finite number"));
  return *value;
}

void add(Triplets& out, const Banner& kind, Index i, Index j, double value) {
  out.i.push_back(i);
  out.j.push_back(j);
  out.value.push_back(value);
  if (i == j || !(kind.symmetric || kind.skew)) return;
  out.i.push_back(j);
  out.j.push_back(i);
  out.value.push_back(kind.skew ? -value : value);
}

void read_coordinates(LineScanner& lines, const Banner& kind, Index entries, Triplets& out, const std::filesystem::path& name) {
  for (Index e = 0; e < entries; ++e) {
    if (!lines.next()) bad_file(name, "", fmt::format("ends after {} entries, expected {}", e, entries));
    lines.expect_words(kind.pattern ? 2 : 3, kind.pattern ? "row column" : "row column value");
    const Index i = whole(lines, 0, "row", 1, out.rows) - 1, j = whole(lines, 1, "column", 1, out.cols) - 1;
    if (kind.skew && i == j) lines.fail("is on the diagonal, which a skew-symmetric matrix leaves out");
    add(out, kind, i, j, kind.pattern ? 1.0 : value_at(lines, 2, kind));
  }
}

// Column by column; of (skew-)symmetric matrices the lower triangle only.
void read_columns(LineScanner& lines, const Banner& kind, Triplets& out, const std::filesystem::path& name) {
  for (Index j = 0; j < out.cols; ++j)
    for (Index i = kind.skew ? j + 1 : kind.symmetric ? j : 0; i < out.rows; ++i) {
      if (!lines.next()) bad_file(name, "", fmt::format("ends before the value of row {}, column {}", i + 1, j + 1));
      lines.expect_words(1, "value");
      add(out, kind, i, j, value_at(lines, 0, kind));
    }
}

}  // namespace

Triplets parse_mtx(std::string_view text, const std::filesystem::path& name) {
  if (text.empty()) bad_file(name, "", "is empty, expected a Matrix Market file");
  LineScanner lines(text, name);
  const Banner kind = parse_banner(lines, name);
  if (!lines.next()) bad_file(name, "", "ends before the line of sizes");
  lines.expect_words(kind.coordinate ? 3 : 2, kind.coordinate ? "rows columns entries" : "rows columns");
  constexpr Index most = std::numeric_limits<Index>::max();
  Triplets out;
  out.rows = whole(lines, 0, "number of rows", 1, most);
  out.cols = whole(lines, 1, "number of columns", 1, most);
  if ((kind.symmetric || kind.skew) && out.rows != out.cols)
    lines.fail(fmt::format("size is {} x {}, expected a square matrix", out.rows, out.cols));
  if (!element_count(std::array{out.rows, out.cols}, sizeof(double)))
    lines.fail(fmt::format("size is {} x {}, too large for any memory", out.rows, out.cols));
  if (kind.coordinate)
    read_coordinates(lines, kind, whole(lines, 2, "number of entries", 0, most), out, name);
  else
    read_columns(lines, kind, out, name);
  if (lines.next()) lines.fail("goes on after the last entry, expected the end of the file");
  return out;
}

Triplets read_mtx(const std::filesystem::path& file) {
  const MappedFile mapped(file);
  return parse_mtx(mapped.text(), file);
}

}  // namespace gossan
