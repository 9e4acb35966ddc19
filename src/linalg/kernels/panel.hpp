// The inner loops of sampled entries z_e = <U_i, V_j>, entries sorted by panels of columns and by rows within a panel.
//
// Factors come as copies whose rows are padded with zeros to `stride` numbers, a multiple of panel_lanes(); memory starts on a
// cache line. How entries are grouped into runs does not change a bit of z.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace gossan {

// Entries [begin, begin of the next run) of one row i = row; their columns are j = first_column + column[e].
struct PanelRun {
  std::uint32_t begin;
  std::uint32_t row;
  std::uint32_t first_column;
};

// Numbers in one vector of the instruction set in use.
std::size_t panel_lanes(float);
std::size_t panel_lanes(double);

// What predictions are written beyond the last: z must have room for them.
constexpr std::size_t panel_slack = 16;

// Of the runs but the last, which only ends the one before it. z and w start at the first run's first entry.
// z_e = <U_i, V_j>
void panel_predict(std::span<const PanelRun> runs, const std::uint16_t* column, const float* U, const float* V,
                   std::size_t stride, float* z);
void panel_predict(std::span<const PanelRun> runs, const std::uint16_t* column, const double* U, const double* V,
                   std::size_t stride, double* z);
// GU_i += w_e V_j, GV_j += w_e U_i
void panel_adjoint(std::span<const PanelRun> runs, const std::uint16_t* column, const float* w, const float* U, const float* V,
                   std::size_t stride, float* GU, float* GV);
void panel_adjoint(std::span<const PanelRun> runs, const std::uint16_t* column, const double* w, const double* U, const double* V,
                   std::size_t stride, double* GU, double* GV);

}  // namespace gossan
