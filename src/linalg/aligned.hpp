// Memory that kernels stream: it starts at a cache line, and large blocks lie in huge pages where the system has them.
#pragma once

#include <cstddef>
#include <memory>
#include <type_traits>

#include "gossan/matrix.hpp"

namespace gossan {

struct FreeAligned {
  std::size_t alignment = 0;
  void operator()(void* memory) const;
};
std::unique_ptr<void, FreeAligned> allocate_aligned(std::size_t bytes);

template <class T>
class AlignedArray {
  static_assert(std::is_trivially_copyable_v<T>);

 public:
  // What it held is lost, and what it holds is undefined, unless the size is the same.
  void resize(Index size) {
    if (size == size_) return;
    memory_ = allocate_aligned(static_cast<std::size_t>(size) * sizeof(T));
    size_ = size;
  }
  T* data() { return static_cast<T*>(memory_.get()); }
  const T* data() const { return static_cast<const T*>(memory_.get()); }
  Index size() const { return size_; }

 private:
  std::unique_ptr<void, FreeAligned> memory_;
  Index size_ = 0;
};

}  // namespace gossan
