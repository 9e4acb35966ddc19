// Least squares on the honest entries alone: what turns the digits of a reweighted fit into those of the data.
#pragma once

#include "recover/rpca/course.hpp"
#include "recover/rpca/table.hpp"

namespace gossan::robust_pca {

// Twelve rounds of rows and columns over the entries with |residual| <= max(3 s, 1e-3 of the table's scale), s read again every
// third round. The floor is what lets rows in that converge late.
TableFactors trimmed_rounds(const ObservedTable& table, const TableFactors& X);

// Up to three times that, while the held-out median falls by half and has not vanished.
TableFactors sharpen(const ObservedTable& table, TableFactors X, Course& course);

double held_out_median(const ObservedTable& table, const TableFactors& X);

}  // namespace gossan::robust_pca
