// The recovery where honest entries are met exactly: starts in turn until one is certified.
#pragma once

#include <string>

#include "recover/rpca/certificate.hpp"
#include "recover/rpca/course.hpp"
#include "recover/rpca/starts.hpp"

namespace gossan::robust_pca {

inline constexpr double exact_share = 1e-5;  // of the table's scale: an entry that close is met

struct ExactFit {
  TableFactors X;
  Certificate certificate;
  double score = 0;  // exact entries beyond the numbers fitted
  std::string member = "none";
};
ExactFit fit_exactly(const ObservedTable& table, Starts& starts, std::uint64_t seed, Course& course);

// Least squares on the entries that X meets, held-out ones included by then.
TableFactors polish(const ObservedTable& table, TableFactors X, double tolerance);

}  // namespace gossan::robust_pca
