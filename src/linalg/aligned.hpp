// Memory that kernels stream: it starts on a cache line, and large blocks lie in huge pages where the system has them.
#pragma once

#include <cstddef>
#include <memory>
#include <type_traits>

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
  // Room for count numbers, which keep no values. Allocates only where there never was as much room.
  T* resize(std::size_t count) {
    if (count > capacity_) {
      memory_.reset();
      memory_ = allocate_aligned(count * sizeof(T));
      capacity_ = count;
    }
    size_ = count;
    return data();
  }
  T* data() { return static_cast<T*>(memory_.get()); }
  const T* data() const { return static_cast<const T*>(memory_.get()); }
  std::size_t size() const { return size_; }

 private:
  std::unique_ptr<void, FreeAligned> memory_;
  std::size_t size_ = 0, capacity_ = 0;
};

}  // namespace gossan
