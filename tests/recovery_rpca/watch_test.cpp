// How a recovery is watched and stopped, and that its bits do not depend on threads.
#include <gtest/gtest.h>

#include <optional>

#include "recovery_rpca/planted.hpp"
#include "threads_guard.hpp"

namespace gossan {
namespace {

TEST(RpcaWatch, StopsWhenAskedAndSaysSo) {
  const GeneratedTable planted = generate_table(cell("unif", 0.2, 1, 1));
  for (const Index last : {1, 5, 60}) {
    Index seen = 0;
    Watch watch;
    watch.observers.emplace_back(
        [&](const Iterate&) { return ++seen >= last ? std::optional(Status::interrupted) : std::nullopt; });
    const Decomposed found = rpca(planted.Y, {}, watch);
    EXPECT_EQ(found.status, Status::interrupted);
    EXPECT_NE(found.evidence.verdict, Verdict::trusted);
    EXPECT_EQ(found.L.rows(), 70);
    EXPECT_EQ(found.R.rows(), 60);
    EXPECT_LE(seen, last + 8) << "it goes on for long after it was stopped";
  }
}

TEST(RpcaWatch, TellsItsProgressAndHistory) {
  double before = 0;
  Watch watch;
  watch.progress = [&](std::string_view, double fraction) {
    EXPECT_GE(fraction, before);
    EXPECT_LE(fraction, 1);
    before = fraction;
  };
  const Decomposed found = rpca(generate_table(cell("unif", 0.2, 1, 2)).Y, {}, watch);
  EXPECT_GT(before, 0);
  EXPECT_FALSE(found.history.empty());
  EXPECT_EQ(found.history.front().phase, "huber-2");
  EXPECT_GT(found.sweeps, 0);
}

TEST(RpcaWatch, SameBitsOnAnyNumberOfThreads) {
  const ThreadsGuard guard;
  for (const GenerateTableOptions& options : {cell("unif", 0.2, 0.7, 3), cell("one-sided", 0.3, 1, 4)}) {
    const GeneratedTable planted = generate_table(options);
    set_threads(1);
    const Decomposed one = rpca(planted.Y, {});
    set_threads(3);
    const Decomposed three = rpca(planted.Y, {});
    EXPECT_EQ(one.L, three.L);
    EXPECT_EQ(one.R, three.R);
    EXPECT_EQ(one.outliers, three.outliers);
    EXPECT_EQ(one.holdout_median, three.holdout_median);
  }
}

TEST(RpcaWatch, RowsReadFromElsewhereGiveTheSameAnswer) {
  const GeneratedTable planted = generate_table(cell("unif", 0.1, 1, 5));
  const TableRows rows{planted.Y.rows(), planted.Y.cols(), [&](Index first, std::span<double> out) {
                         std::copy_n(planted.Y.data() + first * planted.Y.cols(), out.size(), out.data());
                       }};
  EXPECT_EQ(rpca(rows, {}).L, rpca(planted.Y, {}).L);
}

}  // namespace
}  // namespace gossan
