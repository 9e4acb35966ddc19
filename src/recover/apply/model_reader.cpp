#include "recover/apply/model_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

namespace gossan {

Array array_of(const Matrix& M) { return {{M.rows(), M.cols()}, {M.data(), M.data() + M.size()}, "<f8"}; }
Array array_of(double x) { return {{1}, {x}, "<f8"}; }
Array array_of(const std::vector<double>& values) { return {{std::ssize(values)}, values, "<f8"}; }

void ModelReader::demand_format(const std::string& mark, double format) const {
  const Array& array = there(mark);
  if (array.values.size() != 1) bad_file(name_, "", "is no model of gossan");
  if (array.values[0] != format)
    bad_file(name_, "",
             fmt::format("is a model of format {}, expected {}: another version of gossan wrote it", array.values[0], format));
}

Matrix ModelReader::matrix(const std::string& member) const {
  const Array& array = finite(member);
  if (array.shape.size() != 2) refuse(member, fmt::format("has {} dimensions, expected a matrix", array.shape.size()));
  return Eigen::Map<const Matrix>(array.values.data(), array.shape[0], array.shape[1]);
}

Matrix ModelReader::matrix(const std::string& member, Index rows, Index cols) const {
  Matrix M = matrix(member);
  if (M.rows() != rows || M.cols() != cols)
    refuse(member, fmt::format("has the shape {} x {}, expected {} x {}", M.rows(), M.cols(), rows, cols));
  return M;
}

Vector ModelReader::vector(const std::string& member, Index size) const {
  const Array& array = finite(member);
  if (std::ssize(array.values) != size) refuse(member, fmt::format("holds {} numbers, expected {}", array.values.size(), size));
  return Eigen::Map<const Vector>(array.values.data(), size);
}

std::vector<double> ModelReader::ascending(const std::string& member, bool strictly) const {
  std::vector<double> values = finite(member).values;
  for (std::size_t k = 1; k < values.size(); ++k)
    if (values[k] < values[k - 1] || (strictly && values[k] == values[k - 1]))
      refuse(member, fmt::format("holds {} before {}, expected ascending numbers", values[k - 1], values[k]));
  return values;
}

double ModelReader::number(const std::string& member, double least, double below) const {
  const Array& array = finite(member);
  if (array.values.size() != 1) refuse(member, fmt::format("holds {} numbers, expected one", array.values.size()));
  const double x = array.values[0];
  if (x < least || x >= below) refuse(member, fmt::format("is {}, expected a number >= {} and < {}", x, least, below));
  return x;
}

std::vector<std::string> ModelReader::names(const std::string& member, Index count) const {
  std::vector<std::string> names = texts_of(there(member), name_, member);
  if (std::ssize(names) != count) refuse(member, fmt::format("holds {} names, expected {}", names.size(), count));
  if (std::ssize(std::set(names.begin(), names.end())) != count) refuse(member, "holds a name twice");
  return names;
}

const Array& ModelReader::there(const std::string& member) const {
  const auto found = members_.find(member);
  if (found == members_.end()) refuse(member, "is missing: the model is damaged");
  return found->second;
}

const Array& ModelReader::finite(const std::string& member) const {
  const Array& array = there(member);
  const auto bad = std::find_if(array.values.begin(), array.values.end(), [](double x) { return !std::isfinite(x); });
  if (bad != array.values.end()) refuse(member, fmt::format("holds {}, expected finite numbers", *bad));
  return array;
}

}  // namespace gossan
