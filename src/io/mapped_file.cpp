#include "io/mapped_file.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "gossan/io.hpp"

namespace gossan {
namespace {

std::string cause() { return "cannot be read: " + std::generic_category().message(errno); }

struct Descriptor {
  int number = -1;
  ~Descriptor() {
    if (number >= 0) ::close(number);
  }
};

}  // namespace

MappedFile::MappedFile(const std::filesystem::path& file) {
  // Without O_NONBLOCK, opening a pipe that nobody writes to would hang.
  const Descriptor descriptor{::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
  if (descriptor.number < 0) bad_file(file, "", errno == ENOENT ? "no such file" : cause());
  struct stat status = {};
  if (::fstat(descriptor.number, &status) != 0) bad_file(file, "", cause());
  if (S_ISDIR(status.st_mode)) bad_file(file, "", "is a directory, expected a file");
  if (!S_ISREG(status.st_mode)) bad_file(file, "", "is a pipe or device, expected a regular file");
  if (status.st_size == 0) return;  // mmap refuses a length of zero
  const auto size = static_cast<std::size_t>(status.st_size);
  void* start = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, descriptor.number, 0);
  if (start == MAP_FAILED) bad_file(file, "", cause());
  start_ = start;
  size_ = size;
}

MappedFile::~MappedFile() {
  if (start_ != nullptr) ::munmap(start_, size_);
}

}  // namespace gossan
