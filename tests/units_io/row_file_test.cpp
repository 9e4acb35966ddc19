#include <numeric>
#include <stdexcept>

#include "io_testing.hpp"

namespace gossan {
namespace {

using namespace testing;

std::vector<double> read(const RowFile& file, Index first, Index rows) {
  std::vector<double> values(static_cast<std::size_t>(rows * file.row_length()), -7);
  file.read(first, values);
  return values;
}

class RowTypes : public ::testing::TestWithParam<const char*> {};

TEST_P(RowTypes, AreConvertedAsWhenTheWholeFileIsRead) {
  const RowFile file(corpus(GetParam()));
  const Array whole = read_npy(corpus(GetParam()));
  EXPECT_EQ(file.shape(), whole.shape);
  EXPECT_EQ(file.dtype(), whole.dtype);
  EXPECT_EQ(read(file, 0, 2), whole.values);
  EXPECT_EQ(read(file, 1, 1), std::vector<double>(whole.values.begin() + 3, whole.values.end()));
  EXPECT_TRUE(read(file, 2, 0).empty());
}
INSTANTIATE_TEST_SUITE_P(RowFile, RowTypes,
                         ::testing::Values("npy/f2_little.npy", "npy/f4_big.npy", "npy/f8_little.npy", "npy/f8_big.npy",
                                           "npy/i1_any.npy", "npy/i2_big.npy", "npy/i4_little.npy", "npy/i8_little.npy",
                                           "npy/u1_any.npy", "npy/u2_little.npy", "npy/u4_little.npy", "npy/u8_big.npy",
                                           "npy/b1_any.npy"));

TEST(RowFile, ReadsManyRowsOfAnyPlace) {
  const TemporaryFolder folder;
  std::vector<double> values(3000 * 35);
  std::iota(values.begin(), values.end(), 0.5);
  write_npy(folder / "a.npy", values, std::vector<Index>{3000, 5, 7});
  for (const PageCache pages : {PageCache::keep, PageCache::drop}) {
    const RowFile file(folder / "a.npy", pages);
    EXPECT_EQ(file.row_length(), 35);
    for (const Index first : {0, 1, 1234, 2990})
      EXPECT_EQ(read(file, first, 10), std::vector<double>(values.begin() + first * 35, values.begin() + (first + 10) * 35));
    EXPECT_EQ(read(file, 0, 3000), values);
  }
}

TEST(RowFile, RefusesWhatIsNoRow) {
  const RowFile file(corpus("npy/f8_little.npy"));
  std::vector<double> values(6);
  EXPECT_THROW(file.read(1, values), std::invalid_argument);
  EXPECT_THROW(file.read(-1, values), std::invalid_argument);
  EXPECT_THROW(file.read(0, std::span(values).first(4)), std::invalid_argument);
}

TEST(RowFile, RefusesFilesThatHaveNone) {
  const auto refused = [](const std::filesystem::path& name) { return refusal([&] { RowFile file(name); }); };
  expect_contains(refused(corpus("npy/fortran.npy")), {"fortran.npy: header: ", "Fortran order, expected C order"});
  expect_contains(refused(corpus("npy/scalar.npy")), {"shape is ()"});
  expect_contains(refused(corpus("npy/c16_little.npy")), {"'<c16' (complex)"});
  expect_contains(refused(corpus("npy/none_such.npy")), {"no such file"});
  expect_contains(refused(corpus("npy")), {"is a directory"});
  expect_contains(refused(corpus("csv/pairs.csv")), {"is no NumPy array"});
  EXPECT_EQ(RowFile(corpus("npy/empty.npy")).shape(), (std::vector<Index>{0, 3}));
}

TEST(RowFile, SaysThatTheFileWasShortened) {
  const TemporaryFolder folder;
  write_npy(folder / "a.npy", Matrix::Ones(100, 10));
  const auto cut = [&](std::uintmax_t size) { std::filesystem::resize_file(folder / "a.npy", size); };
  const RowFile file(folder / "a.npy");
  cut(128 + 8 * 995);
  EXPECT_EQ(read(file, 0, 99).back(), 1.0);
  expect_contains(refusal([&] { read(file, 0, 100); }), {"a.npy: data: the file ends at byte 8088, expected 8128", "shortened"});
  expect_contains(refusal([&] { RowFile again(folder / "a.npy"); }), {"7960 bytes before the end of the file, expected 8000"});
}

}  // namespace
}  // namespace gossan
