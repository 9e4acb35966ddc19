#include "operators/entry_layout.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "gossan/linalg.hpp"
#include "gossan/operators.hpp"

namespace gossan {
namespace {

// Each chunk adds up a GR of its own: clearing it and adding it to the others costs about five entries for every row of it.
constexpr Index entries_per_copied_row = 64;
constexpr Index few_chunks = 4, most_chunks = 16;  // few: also where copies cost more than that
constexpr Index chunk_entries = 1024;              // at least, but for the last
constexpr Index most_row_groups = 1 << 14;         // between which chunks end
constexpr Index panel_columns = 1024;              // of R and GR: 256 KiB at 16 numbers each
constexpr Index widest_panel = 1 << 16;            // what 16 bits count
constexpr Index run_entries = 16;                  // on average; sparser matrices get wider panels
constexpr std::size_t block_entries = 2048;        // at least, and the longest run: predictions stay in the nearest cache
constexpr Index input_part = 1 << 14, most_input_parts = 16;

struct Keyed {
  std::uint64_t key;  // row in the chunk x panel width + column in the panel
  std::uint32_t place;
};

// Stable, a digit of the keys at a time.
void sort_by_key(std::span<Keyed> entries) {
  constexpr int bits = 11;
  std::uint64_t largest = 0;
  for (const Keyed& each : entries) largest = std::max(largest, each.key);
  std::vector<Keyed> sorted(entries.size());
  for (int shift = 0; shift < 64 && largest >> shift != 0; shift += bits) {
    const auto digit = [shift](const Keyed& each) { return (each.key >> shift) & ((1U << bits) - 1); };
    std::array<std::size_t, std::size_t{1} << bits> next{};
    for (const Keyed& each : entries) ++next[digit(each)];
    std::size_t start = 0;
    for (std::size_t& each : next) each = std::exchange(start, start + each);
    for (const Keyed& each : entries) sorted[next[digit(each)]++] = each;
    std::copy(sorted.begin(), sorted.end(), entries.begin());
  }
}

// A bucket holds the entries of one chunk in one panel. Buckets are numbered chunk by chunk.
class Builder {
 public:
  Builder(Index rows, Index cols, std::span<const Index> i, std::span<const Index> j)
      : rows_(rows), cols_(cols), n_(static_cast<Index>(i.size())), i_(i), j_(j) {}

  EntryLayout build() {
    choose_panels();
    choose_chunks();
    fill_buckets();
    std::vector<std::vector<PanelRun>> runs(start_.size() - 1);
    layout_.column.resize(entries_.size());
    layout_.order.resize(entries_.size());
    parallel_blocks(static_cast<Index>(runs.size()), 1, [&](Index bucket, Index, Index) {
      sort_by_key(std::span(entries_).subspan(start(bucket), start(bucket + 1) - start(bucket)));
      runs[static_cast<std::size_t>(bucket)] = keep(bucket);
    });
    for (Index chunk = 0; chunk < std::ssize(layout_.chunks); ++chunk) {
      const std::size_t first_run = layout_.runs.size();
      for (Index bucket = chunk * layout_.panels; bucket < (chunk + 1) * layout_.panels; ++bucket) {
        const auto& of_bucket = runs[static_cast<std::size_t>(bucket)];
        layout_.runs.insert(layout_.runs.end(), of_bucket.begin(), of_bucket.end());
      }
      cut_blocks(layout_.chunks[static_cast<std::size_t>(chunk)], first_run, start((chunk + 1) * layout_.panels));
    }
    layout_.runs.push_back({static_cast<std::uint32_t>(n_), 0, 0});
    return std::move(layout_);
  }

 private:
  void choose_panels() {
    const double density = static_cast<double>(n_) / static_cast<double>(rows_) / static_cast<double>(cols_);
    const auto wanted = static_cast<Index>(std::min(static_cast<double>(run_entries) / density, double{widest_panel}));
    layout_.panels = block_count(cols_, std::max(wanted, panel_columns));
    layout_.panel_width = block_count(cols_, layout_.panels);
  }

  // Chunks with about as many entries each.
  void choose_chunks() {
    while (block_count(rows_, Index{1} << group_bits_) > most_row_groups) ++group_bits_;
    const Index groups = block_count(rows_, Index{1} << group_bits_);
    const auto counts = count(groups, [this](std::size_t e) { return group_of(e); });
    const Index chunks = std::clamp(n_ / (entries_per_copied_row * cols_), few_chunks, most_chunks);
    const Index least = std::max(chunk_entries, block_count(n_, chunks));
    Index entries = 0, first_row = 0;
    for (Index group = 0; group < groups; ++group) {
      chunk_of_group_.push_back(layout_.chunks.size());
      for (const auto& part : counts) entries += part[static_cast<std::size_t>(group)];
      if (entries < least && group + 1 < groups) continue;
      const Index last_row = std::min(rows_, (group + 1) << group_bits_);
      layout_.chunks.push_back({first_row, last_row, 0, 0});
      first_row = last_row;
      entries = 0;
    }
  }

  // Within a bucket in the caller's order.
  void fill_buckets() {
    const Index buckets = std::ssize(layout_.chunks) * layout_.panels;
    auto next = count(buckets, [this](std::size_t e) { return bucket_of(e); });
    std::uint32_t entries = 0;
    for (Index bucket = 0; bucket < buckets; ++bucket) {
      start_.push_back(entries);
      for (auto& part : next) {
        std::uint32_t& counted = part[static_cast<std::size_t>(bucket)];
        counted = std::exchange(entries, entries + counted);
      }
    }
    start_.push_back(entries);
    entries_.resize(static_cast<std::size_t>(n_));
    in_parts([&](std::size_t part, std::size_t e) {
      const Index row = i_[e] - layout_.chunks[chunk_of(e)].first_row, column = j_[e] % layout_.panel_width;
      entries_[next[part][bucket_of(e)]++] = {static_cast<std::uint64_t>(row * layout_.panel_width + column),
                                              static_cast<std::uint32_t>(e)};
    });
  }

  // Writes a sorted bucket to the layout and returns its runs.
  std::vector<PanelRun> keep(Index bucket) {
    const auto width = static_cast<std::uint64_t>(layout_.panel_width);
    const auto first_row =
        static_cast<std::uint64_t>(layout_.chunks[static_cast<std::size_t>(bucket / layout_.panels)].first_row);
    const auto first_column = static_cast<std::uint32_t>(bucket % layout_.panels * layout_.panel_width);
    std::vector<PanelRun> runs;
    for (std::size_t e = start(bucket); e < start(bucket + 1); ++e) {
      const auto [key, place] = entries_[e];
      const auto row = static_cast<std::uint32_t>(first_row + key / width);
      layout_.column[e] = static_cast<std::uint16_t>(key % width);
      layout_.order[e] = place;
      if (runs.empty() || runs.back().row != row || e - runs.back().begin == block_entries)
        runs.push_back({static_cast<std::uint32_t>(e), row, first_column});
    }
    return runs;
  }

  // What is left at the end of a chunk and is no granule joins its last block.
  void cut_blocks(EntryLayout::Chunk& chunk, std::size_t first_run, std::size_t end) {
    const auto& runs = layout_.runs;
    chunk.first_block = layout_.blocks.size();
    for (std::size_t first = first_run, last = first; first < runs.size(); first = last) {
      const std::size_t begin = runs[first].begin;
      std::size_t entries = 0;
      do {
        ++last;
        entries = (last < runs.size() ? runs[last].begin : end) - begin;
      } while (last < runs.size() && (entries < block_entries || end - runs[last].begin < std::size_t{Operator::granule}));
      layout_.blocks.push_back({first, last});
      layout_.most_entries = std::max(layout_.most_entries, entries);
    }
    chunk.last_block = layout_.blocks.size();
  }

  // body(part, e) for every entry, parts at the same time.
  template <class Body>
  void in_parts(const Body& body) const {
    const Index part = std::max(input_part, block_count(n_, most_input_parts));
    parallel_blocks(n_, part, [&](Index block, Index first, Index last) {
      for (Index e = first; e < last; ++e) body(static_cast<std::size_t>(block), static_cast<std::size_t>(e));
    });
  }

  // How many entries of each part of the input are of each kind.
  template <class Kind>
  std::vector<std::vector<std::uint32_t>> count(Index kinds, const Kind& kind) const {
    std::vector<std::vector<std::uint32_t>> counts(static_cast<std::size_t>(most_input_parts),
                                                   std::vector<std::uint32_t>(static_cast<std::size_t>(kinds)));
    in_parts([&](std::size_t part, std::size_t e) { ++counts[part][kind(e)]; });
    return counts;
  }

  std::size_t group_of(std::size_t e) const { return static_cast<std::size_t>(i_[e] >> group_bits_); }
  std::size_t chunk_of(std::size_t e) const { return chunk_of_group_[group_of(e)]; }
  std::size_t bucket_of(std::size_t e) const {
    return chunk_of(e) * static_cast<std::size_t>(layout_.panels) + static_cast<std::size_t>(j_[e] / layout_.panel_width);
  }
  std::size_t start(Index bucket) const { return start_[static_cast<std::size_t>(bucket)]; }

  Index rows_, cols_, n_;
  std::span<const Index> i_, j_;
  int group_bits_ = 0;
  std::vector<std::size_t> chunk_of_group_;
  std::vector<std::uint32_t> start_;  // of each bucket, and the end
  std::vector<Keyed> entries_;        // by bucket
  EntryLayout layout_;
};

template <class T>
Index bytes_of(const std::vector<T>& values) {
  return static_cast<Index>(values.size() * sizeof(T));
}

}  // namespace

Index EntryLayout::bytes() const {
  return bytes_of(column) + bytes_of(order) + bytes_of(runs) + bytes_of(blocks) + bytes_of(chunks);
}

EntryLayout lay_out_entries(Index rows, Index cols, std::span<const Index> i, std::span<const Index> j) {
  return Builder(rows, cols, i, j).build();
}

}  // namespace gossan
