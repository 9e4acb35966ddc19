#include <sys/resource.h>
#include <sys/stat.h>

#include <csignal>
#include <thread>

#include "io_testing.hpp"

namespace gossan {
namespace {

using namespace testing;
namespace fs = std::filesystem;

class EveryReader : public ::testing::TestWithParam<const char*> {};

TEST_P(EveryReader, NamesWhatCannotBeRead) {
  const TemporaryFolder folder;
  const std::string name = GetParam();
  expect_contains(refusal([&] { read_array(folder / name); }), {(folder / name).string() + ": no such file"});
  folder.write(name, "");
  expect_contains(refusal([&] { read_array(folder / name); }), {(folder / name).string() + ": is empty"});
  fs::remove(folder / name);
  fs::create_directory(folder / name);
  expect_contains(refusal([&] { read_array(folder / name); }), {(folder / name).string() + ": is a directory, expected a file"});
  fs::remove(folder / name);
  ASSERT_EQ(::mkfifo((folder / name).c_str(), 0600), 0);
  expect_contains(refusal([&] { read_array(folder / name); }), {"is a pipe or device, expected a regular file"});
  fs::remove(folder / name);
  expect_contains(refusal([&] { read_array(folder.write("plain", "") / name); }), {"cannot be read: Not a directory"});
}
INSTANTIATE_TEST_SUITE_P(Files, EveryReader, ::testing::Values("x.npy", "x.npz", "x.csv", "x.mtx", "x.mat"));

TEST(ReadText, ReadsAllBytes) {
  const TemporaryFolder folder;
  EXPECT_EQ(read_text(folder.write("t", std::string("a\0\r\nb", 5))), std::string("a\0\r\nb", 5));
  EXPECT_EQ(read_text(folder.write("empty", "")), "");
}

TEST(WriteText, ReplacesAndLeavesNothingBeside) {
  const TemporaryFolder folder;
  write_text(folder / "t", "first");
  write_text(folder / "t", "second");
  EXPECT_EQ(read_text(folder / "t"), "second");
  EXPECT_EQ(folder.names(), std::vector<std::string>{"t"});
}

TEST(WriteText, KeepsPermissionsAndFollowsLinks) {
  const TemporaryFolder folder;
  folder.write("real", "old");
  fs::permissions(folder / "real", fs::perms::owner_read | fs::perms::owner_write | fs::perms::group_read);
  fs::create_symlink("real", folder / "link");
  write_text(folder / "link", "new");
  EXPECT_TRUE(fs::is_symlink(folder / "link"));
  EXPECT_EQ(read_text(folder / "real"), "new");
  EXPECT_EQ(fs::status(folder / "real").permissions(), fs::perms::owner_read | fs::perms::owner_write | fs::perms::group_read);
}

std::string failure_of(const fs::path& file) {
  try {
    write_text(file, "x");
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  ADD_FAILURE() << file << " was written";
  return {};
}

TEST(WriteText, NamesFileAndCause) {
  const TemporaryFolder folder;
  expect_contains(failure_of(folder / "none/t"),
                  {(folder / "none/t").string() + ": cannot be written: its folder does not exist"});
  folder.write("plain", "kept");
  expect_contains(failure_of(folder / "plain/t"), {"plain/t: cannot be written: Not a directory"});
  fs::create_directory(folder / "folder");
  expect_contains(failure_of(folder / "folder"), {"is a directory"});
  expect_contains(failure_of("/dev/null"), {"/dev/null: cannot be written: is no regular file"});
  EXPECT_EQ(read_text(folder / "plain"), "kept");
  EXPECT_EQ(folder.names(), (std::vector<std::string>{"folder", "plain"}));
}

// A limit on file sizes stands for a full disk.
class FullDisk {
 public:
  explicit FullDisk(rlim_t bytes) : handler_(std::signal(SIGXFSZ, SIG_IGN)) {
    ::getrlimit(RLIMIT_FSIZE, &before_);
    rlimit small = before_;
    small.rlim_cur = bytes;
    ::setrlimit(RLIMIT_FSIZE, &small);
  }
  ~FullDisk() {
    ::setrlimit(RLIMIT_FSIZE, &before_);
    static_cast<void>(std::signal(SIGXFSZ, handler_));
  }
  FullDisk(const FullDisk&) = delete;
  FullDisk& operator=(const FullDisk&) = delete;

 private:
  rlimit before_ = {};
  void (*handler_)(int);
};

TEST(Writers, LeaveTheTargetAsItWasWhenTheDiskIsFull) {
  const TemporaryFolder folder;
  folder.write("t", "before");
  const Matrix large = Matrix::Ones(100, 100);
  {
    const FullDisk disk(4096);
    EXPECT_THROW(write_text(folder / "t", std::string(10000, 'x')), std::runtime_error);
    EXPECT_THROW(write_npy(folder / "t", large), std::runtime_error);
    EXPECT_THROW(write_npy(folder / "t", std::vector<bool>(10000)), std::runtime_error);
    EXPECT_THROW(write_npz(folder / "t", {{"A", {{10000}, std::vector<double>(10000), ""}}}), std::runtime_error);
  }
  EXPECT_EQ(read_text(folder / "t"), "before");
  EXPECT_EQ(folder.names(), std::vector<std::string>{"t"});
}

// Readers beside a writer see one whole version or the other.
TEST(Writers, ReplaceInOneStep) {
  const TemporaryFolder folder;
  const std::string a(20000, 'a'), b(30000, 'b');
  write_text(folder / "t", a);
  std::thread writer([&] {
    for (int k = 0; k < 50; ++k) write_text(folder / "t", k % 2 == 0 ? b : a);
  });
  for (int k = 0; k < 200; ++k) {
    const std::string seen = read_text(folder / "t");
    EXPECT_TRUE(seen == a || seen == b) << seen.size() << " bytes";
  }
  writer.join();
}

}  // namespace
}  // namespace gossan
