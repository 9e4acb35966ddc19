#include <cmath>
#include <cstring>

#include "io_testing.hpp"

namespace gossan {
namespace {

using namespace testing;

using Shape = std::vector<Index>;
using Values = std::vector<double>;

void put(std::string& bytes, std::size_t at, std::uint32_t value) { std::memcpy(bytes.data() + at, &value, sizeof value); }

std::string mat_refusal_of(const std::string& bytes) {
  return refusal([&] { parse_mat(as_bytes(bytes), "x.mat"); });
}

void expect_numbers(const std::map<std::string, Array>& arrays) {
  ASSERT_EQ(arrays.size(), 3U);
  EXPECT_EQ(arrays.at("A").shape, (Shape{2, 3}));
  EXPECT_EQ(arrays.at("A").values[1], -2.5);
  EXPECT_EQ(arrays.at("A").values[3], 0.0);
  EXPECT_TRUE(std::isnan(arrays.at("A").values[2]));
  EXPECT_EQ(arrays.at("small").values, (Values{0, 1, 2, 3, 4, 5}));
  EXPECT_EQ(arrays.at("small").dtype, "i4");
  EXPECT_EQ(arrays.at("flag").values, (Values{1, 0}));
}

TEST(Mat, ReadsNumbersAsScipyWroteThem) {
  expect_numbers(read_mat(corpus("mat/version5.mat")));
  expect_numbers(read_mat(corpus("mat/compressed.mat")));
  const Array cube = read_mat(corpus("mat/cube.mat")).at("T");
  EXPECT_EQ(cube.shape, (Shape{2, 3, 4}));
  for (std::size_t k = 0; k < 24; ++k) EXPECT_EQ(cube.values[k], static_cast<double>(k));
}

TEST(Mat, NamesWhatItLeavesOut) {
  const std::map<std::string, std::string> expected{
      {"c", "a cell array"}, {"s", "a struct"}, {"sparse", "a sparse matrix"}, {"text", "text"}, {"z", "complex"}};
  for (const auto* file : {"mat/mixed.mat", "mat/mixed_compressed.mat"}) {
    std::map<std::string, std::string> others;
    expect_numbers(read_mat(corpus(file), &others));
    EXPECT_EQ(others, expected) << file;
  }
}

TEST(Mat, ReadsTheOtherByteOrderAndVersion4) {
  const Array swapped = read_mat(corpus("mat/big_endian5.mat")).at("B");
  EXPECT_EQ(swapped.shape, (Shape{2, 2}));
  EXPECT_EQ(swapped.values, (Values{1, 300, -2, -400})) << "by column in the file";
  EXPECT_EQ(swapped.dtype, "f8") << "stored as 16-bit integers, but a double array";
  std::map<std::string, std::string> others;
  const auto old = read_mat(corpus("mat/version4.mat"), &others);
  ASSERT_EQ(old.size(), 1U);
  EXPECT_EQ(old.at("A").values[4], 3e300);
  EXPECT_EQ(others, (std::map<std::string, std::string>{{"text", "text"}, {"z", "complex"}}));
  EXPECT_EQ(read_mat(corpus("mat/big_endian4.mat")).at("x").values, (Values{1, 2}));
}

TEST(Mat, RefusesOtherFiles) {
  expect_contains(mat_refusal_of(""), {"x.mat: is empty"});
  expect_contains(mat_refusal_of(std::string(200, 'x')), {"neither a MATLAB 5 header nor a version 4 type"});
  expect_contains(mat_refusal_of("hello"), {"x.mat: variable at byte 0: ends inside its header"});
  expect_contains(mat_refusal_of("MATLAB 5.0 MAT-file"), {"x.mat: header: is cut off"});
  expect_contains(mat_refusal_of("MATLAB 7.3 MAT-file, Platform: GLNXA64" + std::string(200, ' ')), {"MATLAB 7.3 (HDF5)", "-v7"});
  expect_contains(mat_refusal_of("\x89HDF\r\n\x1a\n" + std::string(200, '\0')), {"HDF5"});
  std::string version = read_text(corpus("mat/version5.mat"));
  version[124] = 7;
  expect_contains(mat_refusal_of(version), {"x.mat: header: has version 0x0107, expected 0x0100"});
}

// Byte 128 starts the first element of mat/cube.mat: tag (8), flags (16), extents: tag (8) and 3 numbers (12 + 4), name (8),
// numbers: tag (8) and 24 doubles.
constexpr std::size_t flags = 136, extents = 152, label = 176, numbers = 184;

TEST(Mat, RefusesSizesThatDoNotAgree) {
  const std::string good = read_text(corpus("mat/cube.mat"));
  ASSERT_EQ(good.size(), numbers + 8 + 24 * 8);
  const auto with = [&](std::size_t at, std::uint32_t value) {
    std::string bytes = good;
    put(bytes, at, value);
    return mat_refusal_of(bytes);
  };
  expect_contains(with(132, 0x7fffffff), {"x.mat: element at byte 128 claims 2147483647 bytes, but only 248 follow"});
  expect_contains(with(128, 9), {"element at byte 128: is of type 9, expected an array"});
  expect_contains(with(128, 15), {"element at byte 128: cannot be unpacked"});
  expect_contains(with(flags + 4, 4), {"no array flags of 8 bytes"});
  expect_contains(with(extents + 4, 4), {"no list of 2 to 32 extents"});
  expect_contains(with(extents + 8, 0xffffffff), {"variable 'T': extents are -1 x 3 x 4"});
  expect_contains(with(extents + 8, 0x7fffffff), {"extents are 2147483647 x 3 x 4, but 192 bytes"});
  expect_contains(with(label, 0x00050001), {"the small element the name claims 5 bytes, expected at most 4"});
  expect_contains(with(label, 0x00010002), {"has no name"});
  expect_contains(with(numbers, 14), {"variable 'T': numbers are stored as type 14, expected a numeric type"});
  expect_contains(with(numbers, 7), {"192 bytes of numbers follow, 4 bytes each"});
  expect_contains(with(numbers + 4, 0xfffffff0), {"the numbers claims 4294967280 bytes"});
}

TEST(Mat, RefusesHostileVersion4Headers) {
  const std::string good = read_text(corpus("mat/version4.mat"));
  const auto with = [&](std::size_t at, std::uint32_t value) {
    std::string bytes = good;
    put(bytes, at, value);
    return mat_refusal_of(bytes);
  };
  expect_contains(with(4, 0xffffffff), {"variable at byte 0: claims -1 x 3 numbers"});
  expect_contains(with(4, 0x7fffffff), {"claims 2147483647 x 3 numbers of 8 bytes"});
  expect_contains(with(16, 0), {"name of 0 bytes"});
  expect_contains(with(16, 0xffffffff), {"name of 4294967295 bytes"});
  expect_contains(with(0, 60), {"neither a MATLAB 5 header nor a version 4 type"});
}

}  // namespace
}  // namespace gossan
