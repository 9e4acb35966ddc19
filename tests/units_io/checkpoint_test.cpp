#include "gossan/checkpoint.hpp"

#include <cmath>
#include <limits>

#include "io_testing.hpp"

namespace gossan {
namespace {

using namespace testing;

Checkpoint sample() {
  Checkpoint checkpoint{{{"method", "subgradient"}, {"truth", ""}, {"größe", "3\n4"}}, {}};
  Matrix theta(2, 3);
  theta << 1, -2.5, std::numeric_limits<double>::denorm_min(), -0.0, std::numeric_limits<double>::quiet_NaN(), 1e300;
  for (int k = 0; k < 12; ++k) checkpoint.state.push_back({"U", theta * k});  // more than nine: their order is not that of text
  checkpoint.state.push_back({"t, damping", Matrix(0, 4)});
  return checkpoint;
}

TEST(CheckpointFile, KeepsEveryBit) {
  const TemporaryFolder folder;
  const Checkpoint written = sample();
  write_checkpoint(folder / "c", written);
  const Checkpoint read = read_checkpoint(folder / "c");
  EXPECT_EQ(read.problem, written.problem);
  ASSERT_EQ(layout_of(read.state), layout_of(written.state));
  for (std::size_t k = 0; k < read.state.size(); ++k) {
    const Matrix &a = read.state[k].value, &b = written.state[k].value;
    EXPECT_EQ(checksum({a.data(), static_cast<std::size_t>(a.size())}), checksum({b.data(), static_cast<std::size_t>(b.size())}));
  }
  EXPECT_EQ(folder.names(), std::vector<std::string>{"c"});
}

TEST(CheckpointFile, DamageIsRefused) {
  const TemporaryFolder folder;
  write_checkpoint(folder / "c", sample());
  const std::string whole = read_text(folder / "c");
  for (std::size_t size = 0; size < whole.size(); size += 1 + whole.size() / 200)
    expect_contains(refusal([&] { parse_checkpoint(as_bytes(whole.substr(0, size)), "c"); }), {"c: "});
  int refused = 0;
  for (std::size_t k = 0; k < whole.size(); k += 1 + whole.size() / 500) {
    std::string changed = whole;
    changed[k] = static_cast<char>(changed[k] ^ 1);
    try {
      EXPECT_EQ(parse_checkpoint(as_bytes(changed), "c").problem, sample().problem) << "byte " << k;  // between the members
    } catch (const BadFile&) {
      ++refused;
    }
  }
  EXPECT_GT(refused, 100);
}

TEST(CheckpointFile, OtherFilesAreRefused) {
  const auto problem = [](std::map<std::string, Array> arrays) {
    const TemporaryFolder folder;
    write_npz(folder / "c", arrays);
    return refusal([&] { read_checkpoint(folder / "c"); });
  };
  const Array one{{1}, {1}, "<f8"}, empty{{0}, {}, "<f8"}, line{{2}, {0, 0}, "<f8"};
  expect_contains(problem({{"A", one}}), {"is no checkpoint of gossan"});
  expect_contains(problem({{"gossan_checkpoint", line}, {"problem", empty}}), {"is no checkpoint of gossan"});
  expect_contains(problem({{"gossan_checkpoint", {{1}, {2}, "<f8"}}, {"problem", empty}}), {"format 2", "expected 1"});
  for (const double value : {-1.0, 256.0, 0.5, std::numeric_limits<double>::quiet_NaN()})
    expect_contains(problem({{"gossan_checkpoint", one}, {"problem", {{1}, {value}, "<f8"}}}), {"problem", "expected bytes"});
  expect_contains(problem({{"gossan_checkpoint", one}, {"problem", {{1}, {65}, "<f8"}}}), {"ends within a text"});
  expect_contains(problem({{"gossan_checkpoint", one}, {"problem", {{1}, {0}, "<f8"}}}), {"no list of names and values"});
  expect_contains(problem({{"gossan_checkpoint", one}, {"problem", empty}, {"state.000.U", line}}), {"no matrix of a state"});
  expect_contains(problem({{"gossan_checkpoint", one}, {"problem", empty}, {"state.", line}}), {"no matrix of a state"});
  const TemporaryFolder folder;
  expect_contains(refusal([&] { read_checkpoint(folder.write("c", "i,j\n1,2\n")); }), {"is no archive"});
  expect_contains(refusal([&] { read_checkpoint(folder / "nothing"); }), {"nothing"});
}

TEST(Problem, SaysWhatDiffers) {
  const Settings saved = {{"method", "momentum"}, {"seed", "1"}};
  demand_same_problem("c", saved, saved);
  demand_same_problem("c", saved, {saved[1], saved[0]});
  const auto against = [&](const Settings& present) { return refusal([&] { demand_same_problem("c", saved, present); }); };
  expect_contains(against({{"method", "momentum"}, {"seed", "2"}}), {"c: ", "'seed' was '1', is '2'"});
  expect_contains(against({{"seed", "1"}}), {"'method' was 'momentum', is not there"});
  expect_contains(against({{"method", "momentum"}, {"seed", "1"}, {"beta", ".9"}}), {"'beta' was not there, is '.9'"});
}

TEST(Checksum, IsThatOfTheBytes) {
  EXPECT_EQ(checksum({}), "cbf29ce484222325");  // the offset of FNV-1a
  const std::vector<double> plus = {0.0, 1.0}, minus = {-0.0, 1.0}, other = {1.0, 0.0};
  EXPECT_NE(checksum(plus), checksum(minus));
  EXPECT_NE(checksum(plus), checksum(other));
}

}  // namespace
}  // namespace gossan
