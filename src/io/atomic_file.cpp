#include "io/atomic_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <stdexcept>
#include <system_error>

namespace gossan {
namespace {

namespace fs = std::filesystem;

std::runtime_error cannot_write(const fs::path& file, std::string_view cause) {
  return std::runtime_error(fmt::format("{}: cannot be written: {}", file.string(), cause));
}

// The file behind a symbolic link, so that the rename replaces that and not the link.
fs::path behind_links(const fs::path& file) {
  std::error_code ignored;
  if (!fs::is_symlink(file, ignored)) return file;
  const fs::path resolved = fs::weakly_canonical(file, ignored);
  return ignored ? file : resolved;
}

fs::path beside(const fs::path& target) {
  static std::atomic<unsigned> serial{0};
  return target.parent_path() / fmt::format(".{}.{}-{}.tmp", target.filename().string().substr(0, 200), ::getpid(), serial++);
}

}  // namespace

AtomicFile::AtomicFile(const fs::path& target) : target_(behind_links(target)) {
  struct stat status = {};
  const bool exists = ::stat(target_.c_str(), &status) == 0;
  if (exists && S_ISDIR(status.st_mode)) throw cannot_write(target_, "is a directory");
  if (exists && !S_ISREG(status.st_mode)) throw cannot_write(target_, "is no regular file");
  const bool missing_folder = !target_.parent_path().empty() && ::access(target_.parent_path().c_str(), F_OK) != 0;
  if (missing_folder && errno == ENOENT) throw cannot_write(target_, "its folder does not exist");
  temporary_ = beside(target_);
  descriptor_ = ::open(temporary_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  if (descriptor_ < 0) fail(errno);
  if (exists) ::fchmod(descriptor_, status.st_mode & 07777U);  // a replaced file keeps its permissions where we may set them
}

AtomicFile::~AtomicFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
  if (!temporary_.empty()) ::unlink(temporary_.c_str());
}

void AtomicFile::write(std::string_view bytes) { write(std::as_bytes(std::span(bytes))); }

void AtomicFile::write(std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor_, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) fail(errno);
    bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
}

void AtomicFile::commit() {
  const int closed = ::close(descriptor_);  // a full network disk may tell only now
  descriptor_ = -1;
  if (closed != 0) fail(errno);
  if (::rename(temporary_.c_str(), target_.c_str()) != 0) fail(errno);
  temporary_.clear();
}

void AtomicFile::fail(int error) const { throw cannot_write(target_, std::generic_category().message(error)); }

}  // namespace gossan
