// How every writer here writes: to a temporary name beside the target, renamed onto it by commit(). Until then, and when
// anything fails, the target is as it was and the temporary file is removed.
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string_view>

namespace gossan {

class AtomicFile {
 public:
  // Follows a symbolic link; refuses to replace what is no regular file. All failures: std::runtime_error with file and cause.
  explicit AtomicFile(const std::filesystem::path& target);
  ~AtomicFile();
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;

  void write(std::string_view bytes);
  void write(std::span<const std::byte> bytes);
  void commit();
  const int& descriptor() const { return descriptor_; }  // of the temporary file, for who must seek in it; -1 after commit()

 private:
  [[noreturn]] void fail(int error) const;

  std::filesystem::path target_, temporary_;
  int descriptor_ = -1;
};

}  // namespace gossan
