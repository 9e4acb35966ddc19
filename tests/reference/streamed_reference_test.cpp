// Rows that are read anew in every sweep against the same rows in memory.
#include <fcntl.h>
#include <malloc.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <limits>
#include <stdexcept>
#include <string>

#include "gossan/io.hpp"
#include "gossan/linalg.hpp"
#include "gossan/random.hpp"
#include "io/npy.hpp"
#include "reference/agreement.hpp"
#include "simd_guard.hpp"
#include "threads_guard.hpp"

namespace gossan {
namespace {

constexpr Index mebi = Index{1} << 20;

ReadRows rows_of(const Matrix& data) {
  return [&data](Index first, std::span<double> out) { std::copy_n(data.data() + first * data.cols(), out.size(), out.begin()); };
}

// The least memory, as the refusal names it.
Index least_memory(Index rows, Index cols) { return 15 * (rows * cols + 1) * Index{sizeof(double)}; }

TEST(StreamedReference, AgreesAtAwkwardSizesOnEveryInstructionSet) {
  const SimdGuard guard;
  for (const std::string& level : simd_levels()) {
    set_simd_level(level);
    for (const Index n : counts)
      for (const Size& size : sizes) {
        const Matrix data = normal_matrix(n, size.rows * size.cols, Random(1, 0));
        const Matrix L = normal_matrix(size.rows, size.rank, Random(1, 1)), R = normal_matrix(size.cols, size.rank, Random(1, 2));
        const auto entry = [&](Index e, Index a, Index b) { return data(e, a * size.cols + b); };
        for (const Index limit : {least_memory(size.rows, size.cols), mebi})
          expect_same(*streamed(rows_of(data), n, size.rows, size.cols, limit), entry, L, R);
      }
  }
}

TEST(StreamedReference, GivesTheSameBitsOnAnyNumberOfThreads) {
  const ThreadsGuard guard;
  const Matrix data = normal_matrix(3001, 23 * 12, Random(2, 0));
  const auto A = streamed(rows_of(data), 3001, 23, 12, mebi);
  const Matrix L = normal_matrix(23, 5, Random(2, 1)), R = normal_matrix(12, 5, Random(2, 2));
  Matrix GL, GR, GL1, GR1, S;
  set_threads(1);
  A->sweep(L, R, weigh, &GL1, &GR1);
  for (const int count : {2, 3}) {
    set_threads(count);
    A->sweep(L, R, weigh, &GL, &GR);
    EXPECT_EQ(GL, GL1);
    EXPECT_EQ(GR, GR1);
  }
  dynamic_cast<const WholeAdjoint&>(*A).sweep_whole(L, R, weigh, S);
  EXPECT_LE((S * R - GL1).cwiseAbs().maxCoeff(), 1e-11 * GL1.cwiseAbs().maxCoeff());
}

TEST(StreamedReference, JudgesEveryMeasurementOnceInBlocksOfAGranuleOrMore) {
  const ThreadsGuard guard;
  set_threads(1);
  const Matrix data = normal_matrix(203, 30, Random(3, 0));
  for (const Index limit : {least_memory(5, 6), Index{9000}, mebi}) {
    std::vector<int> judged(203);
    const auto count = [&](Index first, std::span<double> z) {
      const Index last = first + static_cast<Index>(z.size());
      EXPECT_TRUE(last == 203 || last - first >= Operator::granule);
      for (Index e = first; e < last; ++e) ++judged[static_cast<std::size_t>(e)];
    };
    streamed(rows_of(data), 203, 5, 6, limit)->sweep(Matrix::Ones(5, 1), Matrix::Ones(6, 1), count, nullptr, nullptr);
    EXPECT_EQ(judged, std::vector<int>(203, 1));
  }
}

std::string message_of(const std::function<void()>& act) {
  try {
    act();
  } catch (const std::exception& error) {
    return error.what();
  }
  return "nothing was thrown";
}

TEST(Streamed, NamesTheLeastLimit) {
  const Matrix data = Matrix::Ones(20, 12);
  const Index least = least_memory(3, 4);
  EXPECT_NE(message_of([&] { streamed(rows_of(data), 20, 3, 4, least - 1); }).find("at least " + std::to_string(least)),
            std::string::npos);
  EXPECT_NO_THROW(streamed(rows_of(data), 20, 3, 4, least));
  EXPECT_THROW(streamed(rows_of(data), 20, -3, -4, mebi), std::invalid_argument);
  EXPECT_THROW(streamed(rows_of(data), 20, Index{1} << 40, Index{1} << 30, mebi), std::invalid_argument);
  EXPECT_THROW(streamed(rows_of(data), 0, 3, 4, mebi), std::invalid_argument);
}

TEST(Streamed, SaysWhichNumberIsNotFinite) {
  Matrix data = Matrix::Ones(5000, 12);
  data(4711, 5) = std::numeric_limits<double>::quiet_NaN();
  EXPECT_NE(message_of([&] { streamed(rows_of(data), 5000, 3, 4, mebi / 8); }).find("entry 5 of matrix 4711 is nan"),
            std::string::npos);
}

// --- files ---------------------------------------------------------------------------------------------------------------

class StreamedFile : public testing::Test {
 protected:
  static constexpr Index n = 1601, rows = 64, cols = 64;  // 50 MiB
  static constexpr Index limit = 4 * mebi;

  void SetUp() override {
    std::string folder = (std::filesystem::temp_directory_path() / "gossan-rows-XXXXXX").string();
    ASSERT_NE(::mkdtemp(folder.data()), nullptr);
    file_ = std::filesystem::path(folder) / "A.npy";
    std::ofstream out(file_, std::ios::binary);
    out << npy_preamble("f8", std::vector<Index>{n, rows, cols});
    Vector row(rows * cols);
    for (Index e = 0; e < n; ++e) {
      for (Index k = 0; k < row.size(); ++k) row(k) = value(e, k);
      out.write(reinterpret_cast<const char*>(row.data()), static_cast<std::streamsize>(row.size() * Index{sizeof(double)}));
    }
    ASSERT_TRUE(out.flush());
  }
  void TearDown() override { std::filesystem::remove_all(file_.parent_path()); }

  static double value(Index e, Index k) { return static_cast<double>((e * 7919 + k * 104729 + e * k) % 2003) / 1001.5 - 1; }
  static ReadRows reader(const RowFile& file) {
    return [&file](Index first, std::span<double> out) { file.read(first, out); };
  }

  std::filesystem::path file_;
  Matrix L = normal_matrix(rows, 3, Random(5, 0)), R = normal_matrix(cols, 3, Random(5, 1)), GL, GR;
};

TEST_F(StreamedFile, AgreesWithTheRowsInMemory) {
  const RowFile file(file_);
  streamed(reader(file), n, rows, cols, limit)->sweep(L, R, weigh, &GL, &GR);
  Matrix all(n, rows * cols), GL2, GR2;
  for (Index e = 0; e < n; ++e)
    for (Index k = 0; k < rows * cols; ++k) all(e, k) = value(e, k);
  dense(std::move(all), rows, cols)->sweep(L, R, weigh, &GL2, &GR2);
  EXPECT_LE((GL - GL2).cwiseAbs().maxCoeff(), 1e-12 * GL2.cwiseAbs().maxCoeff() * rows);
  EXPECT_LE((GR - GR2).cwiseAbs().maxCoeff(), 1e-12 * GR2.cwiseAbs().maxCoeff() * rows);
}

TEST_F(StreamedFile, HandsOnThatTheFileWasShortenedAndServesAgainWhenItIsWhole) {
  const RowFile file(file_);
  const auto A = streamed(reader(file), n, rows, cols, limit);
  const auto size = std::filesystem::file_size(file_);
  std::filesystem::resize_file(file_, size / 2);
  EXPECT_NE(message_of([&] { A->sweep(L, R, weigh, &GL, &GR); }).find("shortened"), std::string::npos);
  std::filesystem::resize_file(file_, size);
  EXPECT_NO_THROW(A->sweep(L, R, weigh, &GL, &GR));
}

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define GOSSAN_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define GOSSAN_SANITIZED 1
#endif
#endif

#ifndef GOSSAN_SANITIZED  // they keep shadows and what was freed
Index status(const std::string& key) {
  std::ifstream in("/proc/self/status");
  for (std::string line; std::getline(in, line);)
    if (line.starts_with(key + ":")) return 1024 * std::stoll(line.substr(key.size() + 1));
  throw std::runtime_error("no " + key);
}

TEST_F(StreamedFile, StaysWithinTheMemoryLimit) {
  const ThreadsGuard guard;
  set_threads(2);
  parallel_blocks(64, 1, [](Index, Index, Index) {});  // the helpers' stacks are there before
  ::malloc_trim(0);
  std::ofstream("/proc/self/clear_refs") << 5;  // the peak starts from here
  const Index before = status("VmRSS");
  ASSERT_LT(status("VmHWM"), before + mebi);
  const RowFile file(file_);
  const auto A = streamed(reader(file), n, rows, cols, limit);
  for (int k = 0; k < 3; ++k) A->sweep(L, R, weigh, &GL, &GR);
  EXPECT_LE(status("VmHWM") - before, limit + mebi / 2);  // and the reader's stack, code that was not run before
}
#endif

}  // namespace
}  // namespace gossan
