// Sampled entries sorted for sweeps: by chunks of rows, which threads take whole, by panels of columns, whose part of the factors
// stays in a core's cache, by row and by column. Repeated entries keep the caller's order among themselves; otherwise the
// caller's order leaves no trace.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "gossan/matrix.hpp"
#include "linalg/kernels/panel.hpp"

namespace gossan {

struct EntryLayout {
  // Blocks are judged whole: runs[first_run, last_run), with at least Operator::granule entries but for the very last.
  struct Block {
    std::size_t first_run, last_run;
  };
  struct Chunk {
    Index first_row, last_row;
    std::size_t first_block, last_block;
  };

  Index panel_width = 0, panels = 0;
  std::vector<std::uint16_t> column;  // of each entry, from its panel's first
  std::vector<std::uint32_t> order;   // of each entry, its place in the caller's order
  std::vector<PanelRun> runs;         // and one that ends the last
  std::vector<Block> blocks;
  std::vector<Chunk> chunks;
  std::size_t most_entries = 0;  // of a block

  // 6 an entry, 12 a run of entries of one row in one panel. Building takes 32 an entry beside it and the caller's indices.
  Index bytes() const;
};

// Entries (i_e, j_e) of a rows x cols matrix, at least one and fewer than 2^32.
EntryLayout lay_out_entries(Index rows, Index cols, std::span<const Index> i, std::span<const Index> j);

}  // namespace gossan
