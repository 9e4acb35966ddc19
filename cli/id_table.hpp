// Ids of rows or columns as files name them: integers, or any text.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "gossan/matrix.hpp"

namespace gossan::cli {

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

}  // namespace gossan::cli
