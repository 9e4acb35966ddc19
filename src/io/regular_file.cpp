#include "io/regular_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "gossan/io.hpp"

namespace gossan {
namespace {

std::size_t regular_size(int descriptor, const std::filesystem::path& file) {
  struct stat status = {};
  if (::fstat(descriptor, &status) != 0) bad_file(file, "", read_error());
  if (S_ISDIR(status.st_mode)) bad_file(file, "", "is a directory, expected a file");
  if (!S_ISREG(status.st_mode)) bad_file(file, "", "is a pipe or device, expected a regular file");
  return static_cast<std::size_t>(status.st_size);
}

}  // namespace

std::string read_error() { return "cannot be read: " + std::generic_category().message(errno); }

// Without O_NONBLOCK, opening a pipe that nobody writes to would hang.
RegularFile::RegularFile(const std::filesystem::path& file)
    : descriptor_(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)) {
  if (descriptor_ < 0) bad_file(file, "", errno == ENOENT ? "no such file" : read_error());
  try {
    size_ = regular_size(descriptor_, file);
  } catch (...) {
    ::close(descriptor_);
    throw;
  }
}

RegularFile::~RegularFile() { ::close(descriptor_); }

}  // namespace gossan
