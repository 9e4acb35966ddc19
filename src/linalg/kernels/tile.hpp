// Products with a tile of a full matrix that is made, judged and used up in the cache: Z = U V^T, then GU += S V and GV += S^T U.
//
// U and GU are rows x r, row-major and dense; Z and S are rows x cols, row-major and dense. V and GV come transposed, their r
// rows `pitch` apart, with cols readable up to whole vectors (at most 16 numbers): of V finite numbers, of GV anything.
#pragma once

#include <cstddef>

namespace gossan {

// What may be read beyond the last weight, and is not used: z must have room for it.
constexpr std::size_t tile_slack = 16;

struct TileSize {
  std::size_t rows, cols, r;
  std::size_t pitch;
};

void tile_predict(TileSize size, const float* U, const float* V, float* Z);
void tile_predict(TileSize size, const double* U, const double* V, double* Z);
void tile_adjoint(TileSize size, const float* S, const float* U, const float* V, double* GU, float* GV);
void tile_adjoint(TileSize size, const double* S, const double* U, const double* V, double* GU, double* GV);

}  // namespace gossan
