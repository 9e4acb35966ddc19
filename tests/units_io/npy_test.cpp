#include <cmath>
#include <cstring>
#include <limits>

#include "io_testing.hpp"

namespace gossan {
namespace {

using namespace testing;

using Shape = std::vector<Index>;
using Values = std::vector<double>;

// A version 1.0 file with this dictionary, whatever it says.
std::string npy_with(std::string_view dictionary, std::size_t data_bytes) {
  std::string bytes("\x93NUMPY\x01\x00", 8);
  bytes += static_cast<char>(dictionary.size() % 256);
  bytes += static_cast<char>(dictionary.size() / 256);
  return bytes.append(dictionary).append(data_bytes, '\0');
}

std::string npy_refusal_of(std::string_view dictionary, std::size_t data_bytes) {
  const std::string bytes = npy_with(dictionary, data_bytes);
  return refusal([&] { parse_npy(as_bytes(bytes), "x.npy"); });
}

class NumberTypes : public ::testing::TestWithParam<const char*> {};

TEST_P(NumberTypes, AreConverted) {
  const Array array = read_npy(corpus(GetParam()));
  EXPECT_EQ(array.shape, (Shape{2, 3}));
  EXPECT_EQ(array.values, (Values{0, 1, 2, 3, 4, 5}));
}
INSTANTIATE_TEST_SUITE_P(Npy, NumberTypes,
                         ::testing::Values("npy/f2_little.npy", "npy/f4_big.npy", "npy/f8_little.npy", "npy/f8_big.npy",
                                           "npy/i1_any.npy", "npy/i2_big.npy", "npy/i4_little.npy", "npy/i8_little.npy",
                                           "npy/u1_any.npy", "npy/u2_little.npy", "npy/u4_little.npy", "npy/u8_big.npy"));

TEST(Npy, ReadsBooleans) {
  EXPECT_EQ(read_npy(corpus("npy/b1_any.npy")).values, (Values{0, 1, 1, 1, 1, 1}));
  EXPECT_EQ(read_npy(corpus("npy/b1_any.npy")).dtype, "|b1");
}

TEST(Npy, HalfPrecisionKeepsItsExtremes) {
  // 0x7bff = 65504, 0x0001 = 2^-24, 0xfc00 = -inf, 0x7e00 = nan
  const std::string bytes =
      npy_with("{'descr': '<f2', 'fortran_order': False, 'shape': (4,)}", 0) + std::string("\xff\x7b\x01\x00\x00\xfc\x00\x7e", 8);
  const Array array = parse_npy(as_bytes(bytes), "x.npy");
  EXPECT_EQ(array.values[0], 65504.0);
  EXPECT_EQ(array.values[1], std::ldexp(1.0, -24));
  EXPECT_EQ(array.values[2], -std::numeric_limits<double>::infinity());
  EXPECT_TRUE(std::isnan(array.values[3]));
}

TEST(Npy, TurnsFortranOrderIntoCOrder) {
  const Array array = read_npy(corpus("npy/fortran.npy"));
  EXPECT_EQ(array.shape, (Shape{2, 3, 4}));
  for (std::size_t k = 0; k < 24; ++k) EXPECT_EQ(array.values[k], static_cast<double>(k));
}

TEST(Npy, ReadsScalarsEmptyArraysAndLaterVersions) {
  EXPECT_EQ(read_npy(corpus("npy/scalar.npy")).shape, Shape{});
  EXPECT_EQ(read_npy(corpus("npy/scalar.npy")).values, Values{3});
  EXPECT_EQ(read_npy(corpus("npy/empty.npy")).shape, (Shape{0, 3}));
  EXPECT_EQ(read_npy(corpus("npy/version2.npy")).values[1], -2.5);
  EXPECT_EQ(read_npy(corpus("npy/version3.npy")).values[4], 3e300);
}

TEST(Npy, MapsNativeDoublesWithoutACopy) {
  const MappedNpy native(corpus("npy/f8_little.npy"));
  ASSERT_EQ(native.doubles().size(), 6U);
  EXPECT_EQ(native.doubles()[5], 5.0);
  EXPECT_EQ(native.dtype(), "<f8");
  for (const auto* converted : {"npy/f8_big.npy", "npy/f4_big.npy", "npy/fortran.npy"})
    EXPECT_TRUE(MappedNpy(corpus(converted)).doubles().empty()) << converted;
}

TEST(Npy, ReadsWhatItWrote) {
  const TemporaryFolder folder;
  Matrix values(2, 3);
  values << 1, 2, std::numeric_limits<double>::quiet_NaN(), -0.0, 5e-324, std::numeric_limits<double>::infinity();
  write_npy(folder / "m.npy", values);
  const MappedNpy mapped(folder / "m.npy");
  EXPECT_EQ(mapped.shape(), (Shape{2, 3}));
  EXPECT_EQ(0, std::memcmp(mapped.doubles().data(), values.data(), 6 * sizeof(double)));

  write_npy(folder / "b.npy", std::vector<bool>{true, false, true});
  EXPECT_EQ(read_npy(folder / "b.npy").values, (Values{1, 0, 1}));
  EXPECT_EQ(read_npy(folder / "b.npy").dtype, "|b1");

  write_npy(folder / "none.npy", Values{}, Shape{0, 7});
  EXPECT_EQ(read_npy(folder / "none.npy").shape, (Shape{0, 7}));
  EXPECT_THROW(write_npy(folder / "wrong.npy", Values{1, 2}, Shape{3}), std::invalid_argument);
  EXPECT_THROW(write_npy(folder / "wrong.npy", Values{1, 2}, Shape{-1, -2}), std::invalid_argument);
  EXPECT_FALSE(std::filesystem::exists(folder / "wrong.npy"));
}

TEST(Npy, RefusesOtherTypesByName) {
  expect_contains(refusal([] { read_npy(corpus("npy/c16_little.npy")); }),
                  {"c16_little.npy: header: ", "'<c16' (complex)", "expected real numbers"});
  expect_contains(refusal([] { read_npy(corpus("npy/S3_any.npy")); }), {"'|S3' (byte strings)"});
  expect_contains(refusal([] { read_npy(corpus("npy/U2_little.npy")); }), {"'<U2' (strings)"});
  expect_contains(refusal([] { read_npy(corpus("npy/M8s_little.npy")); }), {"'<M8[s]' (dates)"});
  expect_contains(refusal([] { read_npy(corpus("npy/object.npy")); }), {"'|O' (Python objects)"});
  expect_contains(refusal([] { read_npy(corpus("npy/structured.npy")); }), {"dtype is structured"});
  for (const char* unknown : {"<f16", "<f3", "f", "", "<i3", "b8", "<<f8"})
    expect_contains(npy_refusal_of("{'descr': '" + std::string(unknown) + "', 'fortran_order': False, 'shape': ()}", 8),
                    {"dtype is '"});
}

TEST(Npy, RefusesHostileShapes) {
  const auto with_shape = [](const std::string& shape) {
    return npy_refusal_of("{'descr': '<f8', 'fortran_order': False, 'shape': " + shape + "}", 8);
  };
  expect_contains(with_shape("(-1, -8)"), {"x.npy: header: ", "length '-1'", "expected a whole number from 0"});
  expect_contains(with_shape("(99999999999999999999,)"), {"'99999999999999999999'"});
  expect_contains(with_shape("(4294967296, 4294967296)"), {"(4294967296, 4294967296) is too large"});
  expect_contains(with_shape("(0, 4611686018427387904, 4)"), {"too large"});
  expect_contains(with_shape("(1152921504606846975,)"),
                  {"data: 8 bytes before the end of the file, expected 9223372036854775800"});
  expect_contains(with_shape("(1)"), {"','"});
  expect_contains(with_shape("(1.5,)"), {"'.5"});
  expect_contains(with_shape("[1]"), {"'('"});
  expect_contains(with_shape("(" + std::string(300, '1') + ",)"), {"..."});
  std::string deep = "(";
  for (int k = 0; k < 65; ++k) deep += "1,";
  expect_contains(with_shape(deep + ")"), {"more than 64 axes"});
}

TEST(Npy, RefusesBrokenHeaders) {
  expect_contains(refusal([] { parse_npy({}, "x.npy"); }), {"x.npy: is empty"});
  expect_contains(refusal([] { parse_npy(as_bytes("hello, world"), "x.npy"); }), {"is no NumPy array", "'hello, w'"});
  expect_contains(refusal([] { parse_npy(as_bytes("\x93NUMPY\x01"), "x.npy"); }), {"header: is cut off after 7 bytes"});
  expect_contains(refusal([] { parse_npy(as_bytes("\x93NUMPY\x04\x01\x01\x01"), "x.npy"); }),
                  {"version is 4.1, expected 1.0, 2.0 or 3.0"});
  expect_contains(refusal([] { parse_npy(as_bytes("\x93NUMPY\x02\x02\xff\xff\xff\xff\xff"), "x.npy"); }), {"2.2"});
  std::string long_header = npy_with("{}", 0);
  long_header[8] = '\x7f';
  expect_contains(refusal([&] { parse_npy(as_bytes(long_header), "x.npy"); }), {"claims 127 bytes, but only 2 follow"});
  expect_contains(npy_refusal_of("{}", 0), {"has no key 'descr'"});
  expect_contains(npy_refusal_of("{'descr': '<f8', 'shape': ()}", 8), {"has no key 'fortran_order'"});
  expect_contains(npy_refusal_of("{'descr': '<f8', 'descr': '<f4'}", 8), {"key is 'descr'", "once each"});
  expect_contains(npy_refusal_of("{'descr': '<f8', 'evil': 1}", 8), {"key is 'evil'"});
  expect_contains(npy_refusal_of("{'descr': '<f8'", 8), {"'}'"});
  expect_contains(npy_refusal_of("{'descr': '<f8", 8), {"closing quote"});
  expect_contains(npy_refusal_of("{'fortran_order': Maybe}", 8), {"True or False", "'Maybe}'"});
  expect_contains(npy_refusal_of("{'descr': '<f8', 'fortran_order': False, 'shape': ()} x", 8), {"the end of the header"});
  expect_contains(npy_refusal_of("{\x1b[2J: 1}", 8), {"\\x1b"});
}

TEST(Npy, RefusesDataOfTheWrongLength) {
  const std::string header = "{'descr': '<f8', 'fortran_order': False, 'shape': (2, 3)}";
  expect_contains(npy_refusal_of(header, 47),
                  {"x.npy: data: 47 bytes before the end of the file, expected 48 for shape (2, 3) of '<f8'"});
  expect_contains(npy_refusal_of(header, 49), {"49 bytes", "expected 48"});
}

}  // namespace
}  // namespace gossan
