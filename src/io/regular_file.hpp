// An open regular file. Throws BadFile for what cannot be read: missing, a directory, a device, no permission.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>

namespace gossan {

class RegularFile {
 public:
  explicit RegularFile(const std::filesystem::path& file);
  ~RegularFile();
  RegularFile(const RegularFile&) = delete;
  RegularFile& operator=(const RegularFile&) = delete;
  int descriptor() const { return descriptor_; }
  std::size_t size() const { return size_; }  // when it was opened

 private:
  int descriptor_;
  std::size_t size_ = 0;
};

// "cannot be read: " and what the system said last.
std::string read_error();

}  // namespace gossan
