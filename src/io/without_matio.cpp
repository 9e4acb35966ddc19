// A build without matio.
#include "gossan/io.hpp"

namespace gossan {
namespace {

[[noreturn]] void no_matio(const std::filesystem::path& file) {
  bad_file(file, "", "this build reads no MATLAB files (GOSSAN_MATIO=OFF): it needs matio when it is built");
}

}  // namespace

std::map<std::string, Array> read_mat(const std::filesystem::path& file, std::map<std::string, std::string>* /*others*/) {
  no_matio(file);
}

std::map<std::string, Array> parse_mat(std::span<const std::byte> /*bytes*/, const std::filesystem::path& name,
                                       std::map<std::string, std::string>* /*others*/) {
  no_matio(name);
}

}  // namespace gossan
