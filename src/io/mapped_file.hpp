// A file as one read-only span of bytes. Throws BadFile for what cannot be read: missing, a directory, a device, no permission.
// The bytes are the file's own: whoever shortens the file meanwhile ends the program with SIGBUS, as with any mapped file.
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string_view>

namespace gossan {

class MappedFile {
 public:
  explicit MappedFile(const std::filesystem::path& file);
  ~MappedFile();
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;
  std::span<const std::byte> bytes() const { return {static_cast<const std::byte*>(start_), size_}; }
  std::string_view text() const { return {static_cast<const char*>(start_), size_}; }

 private:
  void* start_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace gossan
