// Memory that kernels stream: it starts on a cache line, and large blocks lie in huge pages where the system has them.
#pragma once

#include <concepts>
#include <cstddef>
#include <memory>
#include <new>
#include <type_traits>
#include <vector>

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
  // Room for so many numbers, which keep no values. Allocates only where there never was as much room.
  template <std::integral Count>
  T* resize(Count numbers) {
    const auto count = static_cast<std::size_t>(numbers);
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

// A vector, with the values of one, that starts on a cache line.
template <class T>
struct LineAllocator {
  using value_type = T;
  static constexpr std::align_val_t line{64};

  LineAllocator() = default;
  template <class U>
  LineAllocator(const LineAllocator<U>&) {}  // NOLINT(google-explicit-constructor): allocators convert
  T* allocate(std::size_t count) { return static_cast<T*>(::operator new(count * sizeof(T), line)); }
  void deallocate(T* at, std::size_t) { ::operator delete(at, line); }
  template <class U>
  bool operator==(const LineAllocator<U>&) const {
    return true;
  }
};

template <class T>
using AlignedVector = std::vector<T, LineAllocator<T>>;

}  // namespace gossan
