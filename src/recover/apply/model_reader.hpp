// Members of a model's archive: read with their bounds held, and made.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "gossan/io.hpp"

namespace gossan {

using Members = std::map<std::string, Array>;

Array array_of(const Matrix& M);
Array array_of(double x);
Array array_of(const std::vector<double>& values);

// Its functions throw BadFile, naming the member, where it is missing, not finite, or not of the shape that is asked for.
class ModelReader {
 public:
  ModelReader(const Members& members, const std::filesystem::path& name) : members_(members), name_(name) {}

  // Throws BadFile unless the model is of this format, which the member `mark` says.
  void demand_format(const std::string& mark, double format) const;
  bool has(const std::string& member) const { return members_.contains(member); }
  Matrix matrix(const std::string& member) const;
  Matrix matrix(const std::string& member, Index rows, Index cols) const;
  Vector vector(const std::string& member, Index size) const;
  std::vector<double> ascending(const std::string& member, bool strictly) const;
  double number(const std::string& member, double least, double below) const;
  // Each once.
  std::vector<std::string> names(const std::string& member, Index count) const;
  [[noreturn]] void refuse(const std::string& member, const std::string& problem) const { bad_file(name_, member, problem); }

 private:
  const Array& there(const std::string& member) const;
  const Array& finite(const std::string& member) const;
  const Members& members_;
  const std::filesystem::path& name_;
};

}  // namespace gossan
