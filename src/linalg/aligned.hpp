// Memory that starts on a cache line, as whole vectors want it.
#pragma once

#include <cstddef>
#include <memory>
#include <new>

namespace gossan {

template <class T>
class AlignedArray {
 public:
  static constexpr std::size_t alignment = 64;  // bytes

  // Room for count numbers, which keep no values. Allocates only where there never was as much room.
  T* resize(std::size_t count) {
    if (count > capacity_) {
      memory_.reset();
      memory_.reset(static_cast<T*>(::operator new (count * sizeof(T), std::align_val_t{alignment})));
      capacity_ = count;
    }
    size_ = count;
    return memory_.get();
  }
  T* data() { return memory_.get(); }
  const T* data() const { return memory_.get(); }
  std::size_t size() const { return size_; }

 private:
  struct Free {
    void operator()(T* memory) const { ::operator delete (memory, std::align_val_t{alignment}); }
  };
  std::unique_ptr<T, Free> memory_;
  std::size_t size_ = 0, capacity_ = 0;
};

}  // namespace gossan
