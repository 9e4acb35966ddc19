// A build without libzip.
#include "gossan/io.hpp"

namespace gossan {
namespace {

[[noreturn]] void no_zip(const std::filesystem::path& file) {
  bad_file(file, "", "this build has no .npz archives (GOSSAN_ZIP=OFF): it needs libzip when it is built");
}

}  // namespace

std::map<std::string, Array> read_npz(const std::filesystem::path& file, std::string_view /*only*/) { no_zip(file); }

std::map<std::string, Array> parse_npz(std::span<const std::byte> /*bytes*/, const std::filesystem::path& name,
                                       std::string_view /*only*/) {
  no_zip(name);
}

void write_npz(const std::filesystem::path& file, const std::map<std::string, Array>& /*arrays*/) { no_zip(file); }

}  // namespace gossan
