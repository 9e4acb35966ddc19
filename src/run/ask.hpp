// The wishes of observers outside of the loop.
#pragma once

#include <optional>
#include <span>

#include "gossan/run.hpp"

namespace gossan {

// Asks every observer, with an iterate that says nothing, in work that is no run. The first wish, or none.
inline std::optional<Status> ask(std::span<const Observer> observers) {
  std::optional<Status> first;
  for (const Observer& observer : observers) {
    const auto wish = observer(Iterate{});
    if (!first) first = wish;
  }
  return first;
}

// By an observer, before its end.
inline bool cut_off(Status status) { return status == Status::interrupted || status == Status::time_limit; }

}  // namespace gossan
