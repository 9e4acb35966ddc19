// Matrices that are read from disk in every sweep, beside the disk itself.
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <filesystem>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "bench/work.hpp"
#include "gossan/io.hpp"
#include "gossan/operators.hpp"

namespace gossan::cli {
namespace {

constexpr Index memory_limit = 256'000'000;  // bytes, of the streamed operator

// The matrices of a problem as a .npy file among the temporary ones; gone with the last that uses it.
class ScratchFile {
 public:
  explicit ScratchFile(const BenchSize& size)
      : path_(std::filesystem::temp_directory_path() / fmt::format("gossan-bench-{}-{}.npy", ::getpid(), made_++)) {
    std::vector<double> values(static_cast<std::size_t>(size.measurements * size.rows * size.rows));
    bench_rows(size.rows)(0, values);
    write_npy(path_, values, std::vector<Index>{size.measurements, size.rows, size.rows});
    const Descriptor file(path_);
    ::fdatasync(file.number);  // pages that wait to be written would stay in memory
    ::posix_fadvise(file.number, 0, 0, POSIX_FADV_DONTNEED);
  }
  ~ScratchFile() {
    std::error_code ignored;
    std::filesystem::remove(path_, ignored);
  }
  ScratchFile(const ScratchFile&) = delete;
  ScratchFile& operator=(const ScratchFile&) = delete;

  const std::filesystem::path& path() const { return path_; }

  // From one end to the other, as large files are read best, and out of the system's memory again.
  void read_linearly() const {
    static std::vector<std::byte> buffer(std::size_t{8} << 20U);
    const Descriptor file(path_);
    ::posix_fadvise(file.number, 0, 0, POSIX_FADV_SEQUENTIAL);
    while (::read(file.number, buffer.data(), buffer.size()) > 0) {
    }
    ::posix_fadvise(file.number, 0, 0, POSIX_FADV_DONTNEED);
  }

 private:
  struct Descriptor {
    explicit Descriptor(const std::filesystem::path& path) : number(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {
      if (number < 0) throw std::runtime_error(fmt::format("{}: cannot be opened", path.string()));
    }
    ~Descriptor() { ::close(number); }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    int number;
  };

  static inline int made_ = 0;
  std::filesystem::path path_;
};

}  // namespace

BenchWork disk_work(const BenchSize& size) {
  const auto file = std::make_shared<ScratchFile>(size);
  BenchWork work;
  work.bytes = static_cast<double>(std::filesystem::file_size(file->path()));
  work.shape = fmt::format("a file of {:.3g} MB", work.bytes / 1e6);
  work.run = [file] { file->read_linearly(); };
  return work;
}

BenchWork streamed_work(const BenchSize& size) {
  const auto file = std::make_shared<ScratchFile>(size);
  const auto rows = std::make_shared<RowFile>(file->path());
  const ReadRows read = [file, rows](Index first, std::span<double> out) { rows->read(first, out); };
  BenchWork work = dense_sweep_work(streamed(read, size.measurements, size.rows, size.rows, memory_limit), size);
  work.bytes += static_cast<double>(std::filesystem::file_size(file->path()));
  return work;
}

}  // namespace gossan::cli
