#include "io/shared_library.hpp"

#include "io_testing.hpp"

namespace gossan {
namespace {

using namespace testing;

// The library of mathematics is part of every machine that this program starts on.
TEST(SharedLibrary, HandsOutTheLibrarysFunctions) {
  const SharedLibrary maths("libm.so.6");
  const auto cube_root = maths.get<double(double)>("cbrt");
  EXPECT_DOUBLE_EQ(cube_root(27), 3);
  expect_contains(refusal([&] { maths.get<void()>("no_such_function"); }), {"libm.so.6", "no_such_function"});
}

TEST(SharedLibrary, WhatIsMissingIsNamedWithItsPackage) {
  expect_contains(refusal([] { SharedLibrary("libnosuch.so.11"); }), {"libnosuch.so.11", "package libnosuch11"});
  expect_contains(refusal([] { SharedLibrary("libnosuch2.so.11"); }), {"package libnosuch2-11"});
}

}  // namespace
}  // namespace gossan
