// What people hand in, one type per kind of input, read from whatever files they hold it in: tables, ratings and pairs,
// distances, points, measurements. io reads formats; here is what they mean. Readers throw BadFile, naming file and line, on what
// is not that.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "gossan/complete.hpp"
#include "gossan/io.hpp"
#include "gossan/locate.hpp"
#include "gossan/matrix.hpp"
#include "gossan/operators.hpp"
#include "gossan/options.hpp"
#include "gossan/rpca.hpp"

namespace gossan {

// --- cells of tables ---------------------------------------------------------------------------------------------------------
// A whole cell as a number, independent of the locale; blanks around it do not count.
std::optional<Index> as_integer(std::string_view text);
std::optional<double> as_finite(std::string_view text);

// --- ids -----------------------------------------------------------------------------------------------------------------------
// Ids of rows or columns as files name them: integers, or any text.
class IdTable {
 public:
  static IdTable numbered(Index count);  // "0", "1", ...

  // In this order; none comes twice. Where all integers among them are written plainly, "007" finds "7".
  static IdTable of(std::vector<std::string> names);

  // Number of this id, in the order of coming until sort(). Blanks around it do not count.
  Index add(std::string_view id);
  // Integers in numerical order, "7" and "007" being one; else, by their bytes. Returns the new number of each old one.
  std::vector<Index> sort();
  Index find(std::string_view id) const;   // -1: not there
  Index find_or_add(std::string_view id);  // at the end
  Index next_number() const;               // 1 above the largest id that is an integer from 0 to 2^62; 0 without any
  Index count() const { return static_cast<Index>(names_.size()); }
  const std::vector<std::string>& names() const { return names_; }
  const std::string& name(Index k) const { return names_[static_cast<std::size_t>(k)]; }

 private:
  std::string key(std::string_view id) const;
  void index();
  bool all_integers() const;

  std::vector<std::string> names_;
  std::unordered_map<std::string, Index> number_;
  bool integers_ = false;  // integers are compared by their value
};

// --- tables --------------------------------------------------------------------------------------------------------------------
// A table with holes from a file.
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

// --- ratings and pairs ---------------------------------------------------------------------------------------------------------
// Ratings and pairs as people hold them: tables of row, column and value, sparse matrices, matrices with holes.
struct NamedRatings {
  Ratings ratings;
  IdTable row_ids, col_ids;
  Index repeated = 0;  // lines whose pair had come before: the values are averaged
  std::string format;  // what was read: "triplets", "sparse matrix", "matrix"
};

// .mtx, coordinate: entries that are stored are known. .npy, .npz, .mat, array .mtx: NaN is missing. .csv and other text: lines
// row, column, value (further columns are left aside), the header optional, where it names these (row, user or i; col, column,
// item, movie or j; value or rating) or there are at most four columns; else a matrix whose empty cells are missing. format:
// "triplets" or "matrix" decides, "auto" as above. Throws BadFile, naming the line.
NamedRatings read_ratings(const std::filesystem::path& file, const std::string& format = "auto");

// Entries of one place become one, with the mean of their values. Returns how many came again.
Index average_repeated(Ratings& ratings);

// A table of row, column and, where `with_values`, value; ids by the tables, -1 where unknown.
struct NamedPairs {
  std::vector<std::string> row, col;
  std::vector<Index> i, j;
  std::vector<double> value;
};
NamedPairs read_pairs(const std::filesystem::path& file, const IdTable& rows, const IdTable& cols, bool with_values);

// Features of rows or columns: a matrix file of as many rows in the order of the ids; or a CSV whose first column is the id and
// the others numbers. An id that it lacks gets the mean of each.
Matrix read_features(const std::filesystem::path& file, const IdTable& ids);

// --- ratings for a model that exists -------------------------------------------------------------------------------------------
// New entries by the columns that a model knows.
struct MatchedRatings {
  NamedRatings data;      // its columns are the model's
  Index passed_over = 0;  // entries of other columns
};
// Throws BadFile where no column is one of the model's.
MatchedRatings match_columns(NamedRatings read, IdTable cols, const std::string& file);

// --- distances -----------------------------------------------------------------------------------------------------------------
// Pairs of points with their distances, as people hold them: a CSV with the columns i, j, distance.
struct NamedDistances {
  Distances pairs;
  std::vector<std::string> ids;   // of points 0, 1, ..., as the file names them
  bool integer_ids = false;       // all of them: points are in numerical order; else in the order of their bytes
  std::vector<Index> id_numbers;  // with integer_ids
  std::string columns;            // which columns were read, where the header does not name i, j and distance; else empty
};

// The header is optional. Columns i, j and distance where it names them, else the first three. An id is an integer or any text;
// blanks around it do not count. Throws BadFile, naming the line, on distances that are negative or no numbers, empty ids, a pair
// of a point with itself and a pair that has come before.
NamedDistances read_distances(const std::filesystem::path& file);

// --- points --------------------------------------------------------------------------------------------------------------------
// Where the points of some distances truly are.
struct TruePoints {
  Matrix points;                   // one row a point of the distances; on the sphere in space for great-circle
  Matrix latitude_longitude;       // N x 2 in degrees; great-circle only
  std::vector<std::string> names;  // N; empty without a column `name`
};

// A CSV with latitude and longitude (great-circle), or with x1, x2, ... or other columns of numbers (euclidean); name optional.
// Points are looked up by a column `id` where there is one, else integer ids by row (the first is 0) and other ids by `name`.
TruePoints read_true_points(const std::filesystem::path& file, const NamedDistances& data, const LocateOptions& options);

// Columns latitude and longitude of a CSV, in degrees; throws BadFile where one is missing or out of range.
Matrix read_latitude_longitude(const std::filesystem::path& file);
// Its columns of coordinates: x1, x2, ... where the header names x1, else all that hold numbers only, `id` and `name` apart.
Matrix read_coordinates(const std::filesystem::path& file);

// --- whole matrices ------------------------------------------------------------------------------------------------------------
// A matrix of finite numbers; a vector is one column. Throws BadFile where it is not.
Matrix read_matrix(const std::string& file);
// The same of the shape that A measures, not all zero.
Matrix read_true_matrix(const std::string& file, const Operator& A);

// --- measurements --------------------------------------------------------------------------------------------------------------
// Linear measurements of a matrix: an array for the operator, and a vector.
struct OperatorOptions {
  std::string name = "auto";
  Index rows = 0, cols = 0;
  std::string precision = "auto";
  Index memory_limit = 0;  // 10^6 bytes; 0: none
  // How messages write an option, whose field's name is handed in: as whoever gave it knows it.
  std::function<std::string(const std::string& field)> spelled = [](const std::string& field) { return field; };
  Fields fields();
};

struct Measurements {
  std::unique_ptr<Operator> A;
  std::vector<double> y;
  std::string operator_name;  // the one chosen
  std::string storage;        // how dense matrices are held, in words; empty for others
};

// What dense matrices are for.
struct MatrixUse {
  bool symmetric = false;        // the unknown is: the symmetric part of each matrix is all that is held
  Storage rough = Storage::f32;  // of the copy beside double ones, for steps on the way
};

// Throws BadFile where an array is not what the operator takes, holds NaN or infinity, or the lengths differ, and where the
// operator cannot be told from the array; std::invalid_argument on options that do not go with it.
Measurements read_measurements(const std::filesystem::path& a_file, const std::filesystem::path& y_file,
                               const OperatorOptions& options, const MatrixUse& use);

// --- ensembles -----------------------------------------------------------------------------------------------------------------
// ensemble.json: measurement matrices that are drawn anew in every sweep, by their name and seed (docs/ensembles.md).
void write_ensemble(const std::filesystem::path& file, ImplicitOptions options);
// Throws BadFile where it is no such file.
ImplicitOptions read_ensemble(const std::filesystem::path& file);

}  // namespace gossan
