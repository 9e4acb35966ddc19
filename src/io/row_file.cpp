#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <mutex>
#include <stdexcept>
#include <string_view>

#include "gossan/io.hpp"
#include "io/npy_header.hpp"
#include "io/regular_file.hpp"

namespace gossan {
namespace {

// Fills `bytes` from byte `start` of the file on; returns how many there were.
std::size_t read_at(const RegularFile& file, std::size_t start, std::span<std::byte> bytes, const std::filesystem::path& name) {
  std::size_t done = 0;
  while (done < bytes.size()) {
    const auto got = ::pread(file.descriptor(), bytes.data() + done, bytes.size() - done, static_cast<off_t>(start + done));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) bad_file(name, "data", read_error());
    if (got == 0) break;
    done += static_cast<std::size_t>(got);
  }
  return done;
}

// The header alone: mapping the file would take address space of its whole length.
NpyHeader header_of(const RegularFile& file, const std::filesystem::path& name) {
  constexpr std::size_t enough = std::size_t{1} << 17;  // a header of version 1.0 has at most 65545 bytes
  std::vector<std::byte> bytes(std::min(enough, file.size()));
  bytes.resize(read_at(file, 0, bytes, name));
  NpyHeader header = parse_npy_start(bytes, file.size(), name);
  if (header.fortran_order && header.shape.size() > 1)
    bad_file(name, "header", "the array is in Fortran order, expected C order: its rows lie scattered over the file");
  if (header.shape.empty()) bad_file(name, "header", "shape is (), expected at least one axis");
  return header;
}

}  // namespace

struct RowFile::Open {
  explicit Open(const std::filesystem::path& path) : name(path), file(path), header(header_of(file, path)) {
    const Index count = *element_count(header.shape, header.type.size);
    row = header.shape[0] == 0 ? 0 : count / header.shape[0];
  }

  // Bytes begin to end were read. Some megabytes are dropped at a time: each time, the system visits all of its cores.
  void drop_behind(std::size_t begin, std::size_t end) {
    constexpr std::size_t enough = std::size_t{16} << 20;
    const std::lock_guard lock(mutex);
    if (begin != cached_end) {
      drop();
      cached_begin = begin;
    }
    cached_end = end;
    if (cached_end - cached_begin >= enough) drop();
  }
  void drop() {
    const std::size_t page = cached_begin / 4096 * 4096;  // pages that are given in part are not dropped
    if (cached_end == page) return;                       // a length of 0 would mean the whole file
    ::posix_fadvise(file.descriptor(), static_cast<off_t>(page), static_cast<off_t>(cached_end - page), POSIX_FADV_DONTNEED);
    cached_begin = cached_end;
  }

  std::filesystem::path name;
  RegularFile file;
  NpyHeader header;
  Index row;  // numbers
  std::mutex mutex;
  std::size_t cached_begin = 0, cached_end = 0;  // what was read and not dropped
};

// Read-ahead is the system's own, which SEQUENTIAL widens: asking for the next rows by WILLNEED as well halved the speed.
RowFile::RowFile(const std::filesystem::path& file, PageCache pages) : open_(std::make_unique<Open>(file)), pages_(pages) {
  ::posix_fadvise(open_->file.descriptor(), 0, 0, POSIX_FADV_SEQUENTIAL);
}
RowFile::RowFile(RowFile&&) noexcept = default;
RowFile::~RowFile() = default;
const std::vector<Index>& RowFile::shape() const { return open_->header.shape; }
const std::string& RowFile::dtype() const { return open_->header.dtype; }
Index RowFile::row_length() const { return open_->row; }

void RowFile::read(Index first, std::span<double> out) const {
  const NpyHeader& header = open_->header;
  const auto length = static_cast<Index>(out.size());
  const Index count = open_->row == 0 ? 0 : length / open_->row;
  if (first < 0 || count * open_->row != length || first > header.shape[0] - count)
    throw std::invalid_argument(
        fmt::format("RowFile: {} numbers from row {} on are asked for, expected whole rows of {} among {}", length, first,
                    open_->row, header.shape[0]));
  const auto size = static_cast<std::size_t>(length * header.type.size);
  const std::size_t place = header.start + static_cast<std::size_t>(first * open_->row * header.type.size);
  const std::span<std::byte> bytes = std::as_writable_bytes(out).last(size);
  const std::size_t got = read_at(open_->file, place, bytes, open_->name);
  if (got != size)
    bad_file(open_->name, "data",
             fmt::format("the file ends at byte {}, expected {} bytes: it was shortened while it was read", place + got,
                         open_->file.size()));
  if (pages_ == PageCache::drop) open_->drop_behind(place, place + size);
  decode_in_place(out, header.type);
}

}  // namespace gossan
