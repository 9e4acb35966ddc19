#include "report/number.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "gossan/report.hpp"

namespace gossan {
namespace {

TEST(FormatNumber, ReadsAsAPersonWouldWriteIt) {
  EXPECT_EQ(format_number(0), "0");
  EXPECT_EQ(format_number(-0.0), "0");
  EXPECT_EQ(format_number(3), "3");
  EXPECT_EQ(format_number(999), "999");
  EXPECT_EQ(format_number(26059), "26,059");
  EXPECT_EQ(format_number(-1234567), "−1,234,567");
  EXPECT_EQ(format_number(0.69871), "0.6987");
  EXPECT_EQ(format_number(0.5), "0.5");
  EXPECT_EQ(format_number(0.001), "0.001");
  EXPECT_EQ(format_number(189.74), "189.7");
  EXPECT_EQ(format_number(12345.6), "12,346");
}

TEST(FormatNumber, WritesPowersOfTen) {
  EXPECT_EQ(format_number(1.2e-7), "1.2×10⁻⁷");
  EXPECT_EQ(format_number(-1e-12), "−10⁻¹²");
  EXPECT_EQ(format_number(1e300), "10³⁰⁰");
  EXPECT_EQ(format_number(std::numeric_limits<double>::max()), "1.798×10³⁰⁸");
  EXPECT_EQ(format_number(std::numeric_limits<double>::denorm_min()), "4.941×10⁻³²⁴");
}

TEST(FormatNumber, RoundsUpAcrossADecade) {
  EXPECT_EQ(format_number(0.99999), "1");
  EXPECT_EQ(format_number(999.99), "1,000");
  EXPECT_EQ(format_number(9.9999e-5), "10⁻⁴");
}

TEST(FormatNumber, NamesWhatIsNoNumber) {
  EXPECT_EQ(format_number(std::nan("")), "not measured");
  EXPECT_EQ(format_number(std::numeric_limits<double>::infinity()), "∞");
  EXPECT_EQ(format_number(-std::numeric_limits<double>::infinity()), "−∞");
}

TEST(Grouped, SeparatesThousands) {
  EXPECT_EQ(grouped(0), "0");
  EXPECT_EQ(grouped(100), "100");
  EXPECT_EQ(grouped(1000), "1,000");
  EXPECT_EQ(grouped(87153), "87,153");
  EXPECT_EQ(grouped(123456789), "123,456,789");
  EXPECT_EQ(grouped(-87153), "-87,153");
}

}  // namespace
}  // namespace gossan
