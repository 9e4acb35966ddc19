// Messages, and whole text files.
#include <fmt/format.h>

#include "gossan/io.hpp"
#include "io/atomic_file.hpp"
#include "io/mapped_file.hpp"

namespace gossan {

void bad_file(const std::filesystem::path& file, std::string_view where, std::string_view problem) {
  throw BadFile(fmt::format("{}: {}{}{}", file.string(), where, where.empty() ? "" : ": ", problem));
}

std::string read_text(const std::filesystem::path& file) { return std::string(MappedFile(file).text()); }

void write_text(const std::filesystem::path& file, std::string_view text) {
  AtomicFile out(file);
  out.write(text);
  out.commit();
}

}  // namespace gossan
