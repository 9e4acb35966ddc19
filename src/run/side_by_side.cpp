#include "run/side_by_side.hpp"

#include <exception>
#include <mutex>

#include "gossan/linalg.hpp"

namespace gossan {

std::optional<Status> side_by_side(Index n, function_ref<std::optional<Status>(Index)> body) {
  std::mutex mutex;
  std::exception_ptr fault;
  std::optional<Status> ended;
  const auto over = [&] {
    const std::lock_guard lock(mutex);
    return fault != nullptr || ended.has_value();
  };
  parallel_blocks(n, 1, [&](Index k, Index, Index) {
    if (over()) return;
    try {
      const std::optional<Status> wish = body(k);
      const std::lock_guard lock(mutex);
      if (wish && !ended) ended = wish;
    } catch (...) {
      const std::lock_guard lock(mutex);
      if (!fault) fault = std::current_exception();
    }
  });
  if (fault) std::rethrow_exception(fault);
  return ended;
}

}  // namespace gossan
