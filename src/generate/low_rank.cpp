#include "generate/low_rank.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <stdexcept>
#include <string_view>
#include <vector>

#include "gossan/linalg.hpp"
#include "gossan/random.hpp"

namespace gossan::generate {
namespace {

// Numbers between commas; false where a part is none.
bool parse_list(std::string_view text, std::vector<double>& numbers) {
  for (;;) {
    const auto comma = text.find(',');
    std::string_view part = text.substr(0, comma);
    while (part.starts_with(' ')) part.remove_prefix(1);
    while (part.ends_with(' ')) part.remove_suffix(1);
    double value = 0;
    const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), value);
    if (error != std::errc() || end != part.data() + part.size()) return false;
    numbers.push_back(value);
    if (comma == std::string_view::npos) return true;
    text.remove_prefix(comma + 1);
  }
}

}  // namespace

Fields matrix_fields(Index& rows, Index& cols, Index& rank, double& condition, double most) {
  return {
      {.name = "rows", .value = &rows, .help = "rows of the matrix", .least = 1, .most = most},
      {.name = "cols", .value = &cols, .help = "columns of the matrix; 0: symmetric PSD, rows x rows", .least = 0, .most = most},
      {.name = "rank", .value = &rank, .help = "rank of the matrix", .least = 1, .most = most},
      {.name = "condition", .value = &condition, .help = "largest singular value over the smallest", .least = 1},
  };
}

Fields matrix_fields(Index& rows, Index& cols, Index& rank, double& condition, std::string& spectrum) {
  Fields list = matrix_fields(rows, cols, rank, condition, 1e6);
  list.push_back({.name = "spectrum", .value = &spectrum, .help = "the singular values instead, with commas between: 10,5,1"});
  return list;
}

void check_rank(Index rank, Index rows, Index cols, const std::string& who) {
  const Index most = std::min(rows, cols);
  if (rank <= most) return;
  throw std::invalid_argument(
      fmt::format("option 'rank' of {}: value '{}' must be <= the smaller of rows and cols, {}", who, rank, most));
}

Vector singular_values(Index rank, double condition, const std::string& given, const std::string& who) {
  Vector s(rank);
  if (given.empty()) {
    for (Index k = 0; k < rank; ++k)
      s(k) = rank == 1 ? 1 : std::pow(condition, -static_cast<double>(k) / static_cast<double>(rank - 1));
    return s;
  }
  const auto refuse = [&] {
    throw std::invalid_argument(fmt::format(
        "option 'spectrum' of {}: value '{}' must be {} positive numbers, as many as the rank, with commas between, none above "
        "the one before",
        who, given, rank));
  };
  std::vector<double> numbers;
  if (!parse_list(given, numbers) || static_cast<Index>(numbers.size()) != rank) refuse();
  for (Index k = 0; k < rank; ++k) {
    s(k) = numbers[static_cast<std::size_t>(k)];
    if (!std::isfinite(s(k)) || s(k) <= 0 || (k > 0 && s(k) > s(k - 1))) refuse();
  }
  return s;
}

Matrix random_low_rank(Index rows, Index cols, const Vector& s, bool symmetric, std::uint64_t seed, std::uint64_t stream) {
  const Matrix U = orthonormal(normal_matrix(rows, s.size(), Random(seed, stream)));
  const Matrix V = symmetric ? U : orthonormal(normal_matrix(cols, s.size(), Random(seed, stream + 1)));
  return U * s.asDiagonal() * V.transpose();
}

}  // namespace gossan::generate
