// Nothing is allocated in the loop: the second sweep of any operator finds the memory of the first.
#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <new>

#include "gossan/linalg.hpp"
#include "gossan/operators.hpp"
#include "gossan/random.hpp"
#include "threads_guard.hpp"

namespace {

std::atomic<long> allocations{0};

void* counted(std::size_t bytes, std::size_t alignment) {
  ++allocations;
  void* memory = std::aligned_alloc(alignment, (bytes + alignment) / alignment * alignment);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}

}  // namespace

// GCC 12 takes one of a pair for foreign where it has inlined only the other.
#pragma GCC diagnostic ignored "-Wmismatched-new-delete"
void* operator new(std::size_t bytes) { return counted(bytes, alignof(std::max_align_t)); }
void* operator new(std::size_t bytes, std::align_val_t alignment) { return counted(bytes, static_cast<std::size_t>(alignment)); }
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::align_val_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept { std::free(memory); }

namespace gossan {
namespace {

struct Named {
  std::string name;
  std::unique_ptr<Operator> A;
};

std::vector<Named> all_operators() {
  std::vector<Named> all;
  for (const OperatorRow& row : operators()) all.push_back({row.name, row.sample(1)});
  constexpr Index n = 700, d = 24;
  const Matrix data = 2 * normal_matrix(n, d * d, Random(2, 0)).array().round();
  const auto read = [&data](Index first, std::span<double> out) {
    std::copy_n(data.data() + first * data.cols(), out.size(), out.begin());
  };
  for (const Storage storage : {Storage::f64, Storage::f32, Storage::f16, Storage::bf16, Storage::i8})
    for (const bool symmetric : {false, true})
      all.push_back({"dense " + to_string(storage), dense(read, n, d, d, {.storage = storage, .symmetric = symmetric})});
  for (const std::string& ensemble : ensemble_names())
    for (const std::string generator : {"philox", "ars"})
      all.push_back(
          {ensemble, implicit({.ensemble = ensemble, .generator = generator, .measurements = n, .rows = d, .cols = d})});
  std::vector<Index> i, j;
  for (Index e = 0; e < 9000; ++e) {
    i.push_back(e % 310);
    j.push_back((7 * e) % 203);
  }
  all.push_back({"entries", entries(310, 203, i, j)});
  all.push_back({"full", full(70, 600)});
  return all;
}

TEST(Sweeps, AllocateNothingAfterTheFirst) {
  const ThreadsGuard threads;
  set_threads(1);
  for (const auto& [name, A] : all_operators()) {
    const Matrix L = normal_matrix(A->rows(), 3, Random(18, 0)), R = normal_matrix(A->cols(), 3, Random(19, 0));
    Matrix GL, GR, S;
    const auto exact = [](Index, std::span<double>) {};
    const auto single = [](Index, std::span<float>) {};
    for (const Judge& judge : {Judge(exact), Judge(exact, single)}) {
      A->sweep(L, R, judge, &GL, &GR);
      const long before = allocations;
      A->sweep(L, R, judge, &GL, &GR);
      A->sweep(L, R, judge, nullptr, nullptr);
      EXPECT_EQ(allocations, before) << name;
    }
    const auto* whole = dynamic_cast<const WholeAdjoint*>(A.get());
    if (whole == nullptr) continue;
    whole->sweep_whole(L, R, exact, S);
    const long before = allocations;
    whole->sweep_whole(L, R, exact, S);
    EXPECT_EQ(allocations, before) << name << ", whole";
  }
}

}  // namespace
}  // namespace gossan
