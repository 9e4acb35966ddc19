#include "io_testing.hpp"

namespace gossan {
namespace {

using namespace testing;

std::string little_endian(std::size_t value, int bytes) {
  std::string out;
  for (int k = 0; k < bytes; ++k) out += static_cast<char>(value >> (8 * k) & 0xFFU);
  return out;
}

TEST(Npz, ReadsWhatNumpyWrote) {
  const auto stored = read_npz(corpus("npz/stored.npz"));
  ASSERT_EQ(stored.size(), 2U);
  EXPECT_EQ(stored.at("A").shape, (std::vector<Index>{2, 3}));
  EXPECT_EQ(stored.at("A").values[4], 3e300);
  EXPECT_EQ(stored.at("y").values, (std::vector<double>{0, 1, 2}));
  const auto deflated = read_npz(corpus("npz/deflated.npz"));
  EXPECT_EQ(deflated.at("zeros").values, std::vector<double>(800, 0.0));
  EXPECT_EQ(deflated.at("flags").values, (std::vector<double>{1, 0}));
  EXPECT_TRUE(read_npz(corpus("npz/no_arrays.npz")).empty());
}

TEST(Npz, ReadsOneMemberBesideUnreadableOnes) {
  EXPECT_EQ(read_npz(corpus("npz/sparse.npz"), "data").at("data").values, (std::vector<double>{1, 1, 1}));
  expect_contains(refusal([] { read_npz(corpus("npz/sparse.npz")); }),
                  {"sparse.npz: member 'format.npy': header: ", "(byte strings)"});
  EXPECT_TRUE(read_npz(corpus("npz/stored.npz"), "B").empty());
}

TEST(Npz, ReadsWhatItWroteAndWritesTheSameBytesTwice) {
  const TemporaryFolder folder;
  const std::map<std::string, Array> arrays{
      {"A", {{2, 2}, {1, 2, 3, 4}, ""}}, {"empty", {{0}, {}, ""}}, {"scalar", {{}, {7}, ""}}};
  write_npz(folder / "a.npz", arrays);
  write_npz(folder / "b.npz", arrays);
  const auto read = read_npz(folder / "a.npz");
  ASSERT_EQ(read.size(), 3U);
  for (const auto& [name, array] : arrays) {
    EXPECT_EQ(read.at(name).shape, array.shape) << name;
    EXPECT_EQ(read.at(name).values, array.values) << name;
  }
  EXPECT_EQ(read_text(folder / "a.npz"), read_text(folder / "b.npz"));
  EXPECT_THROW(write_npz(folder / "c.npz", {{"A", {{2}, {1}, ""}}}), std::invalid_argument);
  EXPECT_THROW(write_npz(folder / "c.npz", {}), std::invalid_argument);
  EXPECT_EQ(folder.names(), (std::vector<std::string>{"a.npz", "b.npz"}));
}

TEST(Npz, RefusesWhatIsNoArchive) {
  expect_contains(refusal([] { parse_npz({}, "x.npz"); }), {"x.npz: is empty"});
  expect_contains(refusal([] { parse_npz(as_bytes("not a zip file at all"), "x.npz"); }), {"x.npz: is no archive"});
  std::string cut = read_text(corpus("npz/stored.npz"));
  cut.resize(cut.size() - 10);
  expect_contains(refusal([&] { parse_npz(as_bytes(cut), "x.npz"); }), {"x.npz: "});
}

TEST(Npz, ComparesChecksums) {
  std::string bytes = read_text(corpus("npz/stored.npz"));
  bytes[bytes.find("NUMPY") + 130] ^= 1;  // inside the numbers
  expect_contains(refusal([&] { parse_npz(as_bytes(bytes), "x.npz"); }), {"x.npz: member 'A.npy': cannot be unpacked"});
}

// One deflated member that claims sizes of its own, in the local and the central header.
std::string archive_claiming(std::size_t packed_size, std::size_t size, std::size_t method) {
  const std::string name = "A.npy", payload(4, '\0');
  const std::string common = little_endian(0, 2) + little_endian(method, 2) + little_endian(0x00210000, 4) + little_endian(0, 4) +
                             little_endian(packed_size, 4) + little_endian(size, 4) + little_endian(name.size(), 2) +
                             little_endian(0, 2);
  const std::string local = "PK\x03\x04" + little_endian(20, 2) + common + name + payload;
  const std::string central = "PK\x01\x02" + little_endian(20, 2) + little_endian(20, 2) + common + std::string(14, '\0') + name;
  const std::string end = "PK\x05\x06" + little_endian(0, 4) + little_endian(1, 2) + little_endian(1, 2) +
                          little_endian(central.size(), 4) + little_endian(local.size(), 4) + little_endian(0, 2);
  return local + central + end;
}

TEST(Npz, RefusesImpossibleSizesBeforeAllocatingThem) {
  const auto message = [](std::size_t packed_size, std::size_t size, std::size_t method) {
    const std::string bytes = archive_claiming(packed_size, size, method);
    return refusal([&] { parse_npz(as_bytes(bytes), "x.npz"); });
  };
  expect_contains(message(4, 4000000000, 8), {"member 'A.npy': claims 4000000000 bytes out of 4 compressed bytes"});
  expect_contains(message(4, 5, 0), {"claims 5 bytes out of 4 compressed bytes"});
  expect_contains(message(4, 4, 12), {"compression method is 12, expected stored (0) or deflated (8)"});
  expect_contains(message(1000000, 1000000, 0), {"x.npz: "});
}

}  // namespace
}  // namespace gossan
