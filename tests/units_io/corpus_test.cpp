// Every seed of the fuzz targets, every beginning of it and every single changed byte: read, or refused with BadFile.
#include <functional>

#include "gossan/checkpoint.hpp"
#include "io_testing.hpp"

namespace gossan {
namespace {

using namespace testing;
namespace fs = std::filesystem;

struct Format {
  const char* folder;
  std::function<void(const std::string&)> parse;
};

const std::vector<Format>& formats() {
  static const std::vector<Format> all{
      {"npy", [](const std::string& bytes) { parse_npy(as_bytes(bytes), "input"); }},
      {"npz", [](const std::string& bytes) { parse_npz(as_bytes(bytes), "input"); }},
      {"checkpoint", [](const std::string& bytes) { parse_checkpoint(as_bytes(bytes), "input"); }},
      {"mat", [](const std::string& bytes) { parse_mat(as_bytes(bytes), "input"); }},
      {"csv", [](const std::string& bytes) { parse_csv(bytes, "input"); }},
      {"mtx", [](const std::string& bytes) { parse_mtx(bytes, "input"); }},
  };
  return all;
}

// True when read; a message that names the file when not.
bool reads(const Format& format, const std::string& bytes) {
  try {
    format.parse(bytes);
    return true;
  } catch (const BadFile& refused) {
    EXPECT_TRUE(std::string(refused.what()).starts_with("input: ")) << refused.what();
    return false;
  }
}

class Corpus : public ::testing::TestWithParam<std::size_t> {};

TEST_P(Corpus, DamagedSeedsAreReadOrRefused) {
  const Format& format = formats()[GetParam()];
  int seeds = 0, intact = 0;
  for (const auto& entry : fs::directory_iterator(corpus(format.folder))) {
    const std::string seed = read_text(entry.path());
    ++seeds;
    intact += reads(format, seed) ? 1 : 0;
    const std::size_t step = 1 + seed.size() / 400;
    for (std::size_t k = 0; k < seed.size(); k += step) {
      const bool cut_is_read = reads(format, seed.substr(0, k));
      EXPECT_FALSE(cut_is_read && std::string_view(format.folder) == "npy") << entry.path() << " cut to " << k;
      std::string changed = seed;
      changed[k] = static_cast<char>(~changed[k]);
      reads(format, changed);
    }
  }
  EXPECT_GE(seeds, 4);
  EXPECT_GE(intact, 3);
}
INSTANTIATE_TEST_SUITE_P(Formats, Corpus, ::testing::Range<std::size_t>(0, formats().size()),
                         [](const auto& tested) { return std::string(formats()[tested.param].folder); });

}  // namespace
}  // namespace gossan
