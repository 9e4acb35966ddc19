#include "io/mapped_file.hpp"

#include <sys/mman.h>

#include "gossan/io.hpp"
#include "io/regular_file.hpp"

namespace gossan {

MappedFile::MappedFile(const std::filesystem::path& file) {
  const RegularFile open(file);
  if (open.size() == 0) return;  // mmap refuses a length of zero
  void* start = ::mmap(nullptr, open.size(), PROT_READ, MAP_PRIVATE, open.descriptor(), 0);
  if (start == MAP_FAILED) bad_file(file, "", read_error());
  start_ = start;
  size_ = open.size();
}

MappedFile::~MappedFile() {
  if (start_ != nullptr) ::munmap(start_, size_);
}

}  // namespace gossan
