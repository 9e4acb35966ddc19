#include "gossan/observers.hpp"

#include <stdexcept>
#include <utility>

namespace gossan {

Observer record(History& history, std::string phase, Index every, double before) {
  if (every < 1) throw std::invalid_argument("record: every is " + std::to_string(every) + ", expected a number >= 1");
  const auto start = std::chrono::steady_clock::now();
  return [&history, phase = std::move(phase), every, before, start](const Iterate& at) -> std::optional<Status> {
    if (!is_recorded(at.k, every)) return std::nullopt;
    const std::chrono::duration<double> passed = std::chrono::steady_clock::now() - start;
    history.push_back({phase, at.k, at.f, at.gradient_norm, at.step, at.change, before + passed.count()});
    return std::nullopt;
  };
}

Observer until(std::chrono::steady_clock::time_point deadline) {
  return [deadline](const Iterate&) -> std::optional<Status> {
    if (std::chrono::steady_clock::now() < deadline) return std::nullopt;
    return Status::time_limit;
  };
}

Observer interruptible(const std::atomic<bool>& flag) {
  return [&flag](const Iterate&) -> std::optional<Status> {
    if (!flag.load(std::memory_order_relaxed)) return std::nullopt;
    return Status::interrupted;
  };
}

}  // namespace gossan
