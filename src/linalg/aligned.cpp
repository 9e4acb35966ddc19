// Blocks of memory at cache lines or, where they are large, at huge pages.
#include "linalg/aligned.hpp"

#include <new>

#if defined(__linux__)
#include <sys/mman.h>
#endif

namespace gossan {
namespace {

constexpr std::size_t line = 64, huge_page = std::size_t{1} << 21;

}  // namespace

void FreeAligned::operator()(void* memory) const { ::operator delete (memory, std::align_val_t{alignment}); }

std::unique_ptr<void, FreeAligned> allocate_aligned(std::size_t bytes) {
  const std::size_t alignment = bytes >= 2 * huge_page ? huge_page : line;
  const std::size_t whole = (bytes + alignment - 1) / alignment * alignment;
  std::unique_ptr<void, FreeAligned> memory(::operator new (whole, std::align_val_t{alignment}), FreeAligned{alignment});
#if defined(__linux__)
  if (alignment == huge_page) madvise(memory.get(), whole, MADV_HUGEPAGE);  // a wish: without it all works, slower
#endif
  return memory;
}

}  // namespace gossan
