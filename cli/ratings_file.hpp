// Ratings and pairs as people hold them: tables of row, column and value, sparse matrices, matrices with holes.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "gossan/complete.hpp"
#include "id_table.hpp"

namespace gossan::cli {

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

}  // namespace gossan::cli
