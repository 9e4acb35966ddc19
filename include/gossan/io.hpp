// Files: NumPy .npy and .npz, CSV, Matrix Market, MATLAB .mat. Readers throw BadFile with the file, the place and what was
// expected; no input makes them crash, hang or allocate more than the file's own size warrants. Writers write to a temporary
// name beside the target and rename, so that a crash never leaves half a file.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "gossan/matrix.hpp"

namespace gossan {

// Bad input: what() reads "FILE: line 3: distance is '-5', expected a number >= 0".
class BadFile : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};
[[noreturn]] void bad_file(const std::filesystem::path& file, std::string_view where, std::string_view problem);

// A dense numeric array as read: values as double in C order, whatever the file held.
struct Array {
  std::vector<Index> shape;
  std::vector<double> values;
  std::string dtype;  // as the file named it: "<f8", "|b1", ...
};

// A .npy file of numbers, memory-mapped. Types f2, f4, f8, signed and unsigned integers of 1 to 8 bytes, bool; either byte
// order; C or Fortran order. Refused by name: complex, strings, objects, structured types.
class MappedNpy {
 public:
  explicit MappedNpy(const std::filesystem::path& file);
  ~MappedNpy();
  MappedNpy(const MappedNpy&) = delete;
  MappedNpy& operator=(const MappedNpy&) = delete;
  const std::vector<Index>& shape() const;
  const std::string& dtype() const;
  std::span<const double> doubles() const;  // the mapped values themselves; empty unless aligned native f8 in C order
  Array read() const;                       // converted copy

 private:
  struct Mapping;
  std::unique_ptr<Mapping> mapping_;
};

// What becomes of the system's cached copies of what was read: kept, for files that fit into memory and are read again, or
// dropped, so that a file larger than memory does not push out everything else.
enum class PageCache { keep, drop };

// The rows of a .npy file in C order, of any type that MappedNpy takes: row i is what lies under the first index i. They are
// read where and when they are asked for, with the file's next rows fetched ahead: nothing of the file stays in memory. The file
// is checked as a whole when it is opened. Reads may run at the same time.
class RowFile {
 public:
  explicit RowFile(const std::filesystem::path& file, PageCache pages = PageCache::drop);
  RowFile(RowFile&&) noexcept;
  ~RowFile();
  const std::vector<Index>& shape() const;
  const std::string& dtype() const;
  Index row_length() const;  // numbers
  // As many whole rows as `out` holds, from row `first` on. Throws BadFile where the file has become shorter or cannot be read.
  void read(Index first, std::span<double> out) const;

 private:
  struct Open;
  std::unique_ptr<Open> open_;
  PageCache pages_;
};

Array read_npy(const std::filesystem::path& file);
Array parse_npy(std::span<const std::byte> bytes, const std::filesystem::path& name);  // what read_npy and the fuzzer share
// The arrays of an .npz archive by name, or only the one named (an empty map when there is none).
std::map<std::string, Array> read_npz(const std::filesystem::path& file, std::string_view only = {});
std::map<std::string, Array> parse_npz(std::span<const std::byte> bytes, const std::filesystem::path& name,
                                       std::string_view only = {});

void write_npy(const std::filesystem::path& file, std::span<const double> values, std::span<const Index> shape);
void write_npy(const std::filesystem::path& file, const Matrix& values);
void write_npy(const std::filesystem::path& file, const std::vector<bool>& values);
void write_npy_mask(const std::filesystem::path& file, const std::vector<bool>& values, std::span<const Index> shape);
void write_npz(const std::filesystem::path& file, const std::map<std::string, Array>& arrays);

// A CSV table as text cells: RFC 4180 quotes, comma (or semicolon or tab, told from the first line), blank lines and lines
// starting with # skipped, CRLF and a byte-order mark accepted. A first line is a header when none of its cells is a number
// while the second line has one, or when it names `expected` columns.
struct Csv {
  std::vector<std::string> header;             // empty without one
  std::vector<std::vector<std::string>> rows;  // all of the same length
  std::vector<Index> lines;                    // line number in the file of each row, from 1
};
Csv read_csv(const std::filesystem::path& file, const std::vector<std::string>& expected = {});
Csv parse_csv(std::string_view text, const std::filesystem::path& name, const std::vector<std::string>& expected = {});
// A cell as a finite number, or BadFile naming file, line and column.
double number(const Csv& table, Index row, Index column, const std::filesystem::path& name);
// One line of RFC 4180 with its line end: cells quoted where they must be.
std::string csv_line(const std::vector<std::string>& cells);
// The shortest text that reads back as the same double; empty where it is not finite.
std::string csv_number(double value);

// Matrix Market: coordinate (real, integer, pattern; general, symmetric, skew-symmetric) and array.
struct Triplets {
  Index rows = 0, cols = 0;
  std::vector<Index> i, j;
  std::vector<double> value;
};
Triplets read_mtx(const std::filesystem::path& file);
Triplets parse_mtx(std::string_view text, const std::filesystem::path& name);

// Numeric variables of a MATLAB .mat file, versions 4 and 5 to 7.2, by name (through matio); real, dense, converted to double in
// C order. `others` receives, by name, what else the file holds in words ("complex", "a struct"); these are not read.
std::map<std::string, Array> read_mat(const std::filesystem::path& file, std::map<std::string, std::string>* others = nullptr);
std::map<std::string, Array> parse_mat(std::span<const std::byte> bytes, const std::filesystem::path& name,
                                       std::map<std::string, std::string>* others = nullptr);

// Options from a TOML file: keys are option names, tables are prefixes ([schedule] step = 0.5 is schedule.step).
struct Setting {
  std::string key;    // "schedule.step"
  std::string value;  // as text
  std::string where;  // "run.toml: line 3", "--set"
};
// In the order of the file. Throws BadFile where it is not TOML or a value is no text, number or yes/no.
std::vector<Setting> read_config(const std::filesystem::path& file);

// Any of the above that holds one dense array, told by its extension; .npz and .mat need `name` when they hold several. Empty
// cells, NaN and NA of a CSV table are NaN; of a Matrix Market file every entry must be there.
Array read_array(const std::filesystem::path& file, std::string_view name = {});

// Texts, which hold no zero, as an array of their bytes, each text ended by a zero; and back. texts_of throws BadFile, naming
// file and member.
Array array_of_texts(std::span<const std::string> texts);
std::vector<std::string> texts_of(const Array& array, const std::filesystem::path& file, std::string_view member);

std::string read_text(const std::filesystem::path& file);
// Writes `text` to file through a temporary name; creates no folders. Throws std::runtime_error naming the file and the cause.
void write_text(const std::filesystem::path& file, std::string_view text);

}  // namespace gossan
