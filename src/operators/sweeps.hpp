// What the sweeps of all operators share.
#pragma once

#include <memory>
#include <mutex>
#include <span>
#include <vector>

#include "gossan/operators.hpp"

namespace gossan {

inline constexpr double single_rounding = 1e-7;  // of sums in single precision, as a share of what is summed

// Throws std::invalid_argument unless L, R and the gradients fit the operator; sizes the gradients.
void prepare_sweep(const Operator& A, const Matrix& L, const Matrix& R, Matrix* GL, Matrix* GR);

// How many measurements make a block: a multiple of Operator::granule, and where a granule allows it, no more data than stay in
// a core's own cache.
Index block_length(Index bytes_per_measurement);

// Workspaces of an operator, lent to one sweep each: sweeps that run at the same time get one of their own, and a sweep after
// another finds the memory of the last.
template <class Workspace>
class WorkspacePool {
 public:
  class Lease {
   public:
    explicit Lease(WorkspacePool& pool) : pool_(pool), workspace_(pool.take()) {}
    ~Lease() { pool_.give(std::move(workspace_)); }
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;
    Workspace* operator->() { return workspace_.get(); }
    Workspace& operator*() { return *workspace_; }

   private:
    WorkspacePool& pool_;
    std::unique_ptr<Workspace> workspace_;
  };

 private:
  std::unique_ptr<Workspace> take() {
    const std::lock_guard lock(mutex_);
    if (free_.empty()) {
      free_.reserve(++made_);  // so that giving back never allocates
      return std::make_unique<Workspace>();
    }
    auto workspace = std::move(free_.back());
    free_.pop_back();
    return workspace;
  }
  void give(std::unique_ptr<Workspace> workspace) {
    const std::lock_guard lock(mutex_);
    free_.push_back(std::move(workspace));
  }

  std::mutex mutex_;
  std::vector<std::unique_ptr<Workspace>> free_;
  std::size_t made_ = 0;
};

}  // namespace gossan
