// .npz: a zip archive of .npy members. libzip reads the archive; what it says of sizes is checked before anything is allocated.
#include <fmt/format.h>
#include <zip.h>

#include <memory>
#include <optional>

#include "gossan/io.hpp"
#include "io/atomic_file.hpp"
#include "io/mapped_file.hpp"
#include "io/npy.hpp"
#include "io/shared_library.hpp"
#include "io/text.hpp"

namespace gossan {
namespace {

constexpr std::string_view suffix = ".npy";

// The functions of libzip that are used, loaded with the first archive: it brings the whole of OpenSSL, for encryption that no
// .npz has.
struct Libzip {
  SharedLibrary library{GOSSAN_LIBZIP};
// NOLINTNEXTLINE(bugprone-macro-parentheses): what it takes are names
#define GOSSAN_LOADED(name) decltype(&::name) name = library.get<decltype(::name)>(#name);
  GOSSAN_LOADED(zip_close)
  GOSSAN_LOADED(zip_discard)
  GOSSAN_LOADED(zip_error_fini)
  GOSSAN_LOADED(zip_error_init)
  GOSSAN_LOADED(zip_error_strerror)
  GOSSAN_LOADED(zip_fclose)
  GOSSAN_LOADED(zip_file_add)
  GOSSAN_LOADED(zip_file_set_dostime)
  GOSSAN_LOADED(zip_file_strerror)
  GOSSAN_LOADED(zip_fopen_index)
  GOSSAN_LOADED(zip_fread)
  GOSSAN_LOADED(zip_get_num_entries)
  GOSSAN_LOADED(zip_open_from_source)
  GOSSAN_LOADED(zip_set_file_compression)
  GOSSAN_LOADED(zip_source_buffer)
  GOSSAN_LOADED(zip_source_buffer_create)
  GOSSAN_LOADED(zip_source_close)
  GOSSAN_LOADED(zip_source_free)
  GOSSAN_LOADED(zip_source_keep)
  GOSSAN_LOADED(zip_source_open)
  GOSSAN_LOADED(zip_source_read)
  GOSSAN_LOADED(zip_source_stat)
  GOSSAN_LOADED(zip_stat_index)
  GOSSAN_LOADED(zip_strerror)
#undef GOSSAN_LOADED
};
const Libzip& libzip() {
  static const Libzip loaded;
  return loaded;
}

struct ZipCloser {
  void operator()(zip_t* archive) const { libzip().zip_discard(archive); }
  void operator()(zip_file_t* member) const { libzip().zip_fclose(member); }
  void operator()(zip_source_t* source) const { libzip().zip_source_free(source); }
};
using Archive = std::unique_ptr<zip_t, ZipCloser>;
using Member = std::unique_ptr<zip_file_t, ZipCloser>;
using Source = std::unique_ptr<zip_source_t, ZipCloser>;

struct ZipError {
  zip_error_t error = {};
  ZipError() { libzip().zip_error_init(&error); }
  ~ZipError() { libzip().zip_error_fini(&error); }
  ZipError(const ZipError&) = delete;
  ZipError& operator=(const ZipError&) = delete;
  std::string text() { return libzip().zip_error_strerror(&error); }
};

Archive open_archive(std::span<const std::byte> bytes, const std::filesystem::path& name) {
  if (bytes.empty()) bad_file(name, "", "is empty, expected an archive of NumPy arrays");
  ZipError error;
  Source source(libzip().zip_source_buffer_create(bytes.data(), bytes.size(), 0, &error.error));
  if (!source) bad_file(name, "", "cannot be read: " + error.text());
  Archive archive(libzip().zip_open_from_source(source.get(), ZIP_RDONLY, &error.error));
  if (!archive) bad_file(name, "", fmt::format("is no archive of NumPy arrays: {}", error.text()));
  static_cast<void>(source.release());  // the archive owns it now
  return archive;
}

struct Entry {
  zip_uint64_t index = 0;
  std::string array;  // member name without .npy
  std::uint64_t size = 0;
};

// What a member claims about itself, held against what is possible. Members that overlap (the trick of most zip bombs) need more
// compressed bytes together than the file has; deflate never expands by more than 1032.
class Budget {
 public:
  Budget(std::size_t file_bytes, const std::filesystem::path& name) : left_(file_bytes), name_(name) {}

  void check(const zip_stat_t& member) {
    constexpr zip_uint64_t needed =
        ZIP_STAT_NAME | ZIP_STAT_SIZE | ZIP_STAT_COMP_SIZE | ZIP_STAT_COMP_METHOD | ZIP_STAT_ENCRYPTION_METHOD;
    if ((member.valid & needed) != needed) bad_file(name_, "", "has a member without name, size or method");
    const std::string where = "member " + in_quotes(member.name);
    if (member.encryption_method != ZIP_EM_NONE) bad_file(name_, where, "is encrypted");
    if (member.comp_method != ZIP_CM_STORE && member.comp_method != ZIP_CM_DEFLATE)
      bad_file(name_, where, fmt::format("compression method is {}, expected stored (0) or deflated (8)", member.comp_method));
    if (member.comp_size > left_)
      bad_file(name_, where, fmt::format("claims {} compressed bytes, more than the file has left for it", member.comp_size));
    left_ -= member.comp_size;
    const bool stored = member.comp_method == ZIP_CM_STORE;
    constexpr std::uint64_t most_expansion = 1032;
    if (stored ? member.size != member.comp_size : member.size / most_expansion > member.comp_size)
      bad_file(name_, where, fmt::format("claims {} bytes out of {} compressed bytes", member.size, member.comp_size));
  }

 private:
  std::uint64_t left_;
  const std::filesystem::path& name_;
};

// The .npy members; others (a read-me, folders) are passed over.
std::vector<Entry> list_entries(zip_t* archive, std::size_t file_bytes, const std::filesystem::path& name) {
  std::vector<Entry> entries;
  Budget budget(file_bytes, name);
  const zip_int64_t count = libzip().zip_get_num_entries(archive, 0);
  for (zip_uint64_t k = 0; static_cast<zip_int64_t>(k) < count; ++k) {
    zip_stat_t member = {};
    if (libzip().zip_stat_index(archive, k, 0, &member) != 0)
      bad_file(name, fmt::format("member {}", k), libzip().zip_strerror(archive));
    budget.check(member);
    const std::string_view file_name = member.name;
    if (file_name.ends_with(suffix))
      entries.push_back({k, std::string(file_name.substr(0, file_name.size() - suffix.size())), member.size});
  }
  return entries;
}

Array read_entry(zip_t* archive, const Entry& entry, const std::filesystem::path& name) {
  const std::string where = "member " + in_quotes(entry.array + std::string(suffix));
  const Member member(libzip().zip_fopen_index(archive, entry.index, 0));
  if (!member) bad_file(name, where, libzip().zip_strerror(archive));
  std::vector<std::byte> bytes(entry.size + 1);  // one more, so that the end is reached and the checksum compared
  std::size_t filled = 0;
  while (filled < bytes.size()) {
    const zip_int64_t got = libzip().zip_fread(member.get(), bytes.data() + filled, bytes.size() - filled);
    if (got < 0) bad_file(name, where, fmt::format("cannot be unpacked: {}", libzip().zip_file_strerror(member.get())));
    if (got == 0) break;
    filled += static_cast<std::size_t>(got);
  }
  if (filled != entry.size)
    bad_file(name, where, fmt::format("unpacks to {}, not to the {} bytes it claims", filled, entry.size));
  return parse_npy(std::span(bytes).first(filled), name.string() + ": " + where);
}

std::string archive_problem(zip_t* archive) { return fmt::format("write_npz: {}", libzip().zip_strerror(archive)); }

// Adds one stored member dated 1 January 1980, so that equal arrays give equal bytes.
void add_member(zip_t* archive, const std::string& array, const std::string& bytes) {
  Source source(libzip().zip_source_buffer(archive, bytes.data(), bytes.size(), 0));
  if (!source) throw std::runtime_error(archive_problem(archive));
  const zip_int64_t index = libzip().zip_file_add(archive, (array + std::string(suffix)).c_str(), source.get(), ZIP_FL_ENC_UTF_8);
  if (index < 0) throw std::runtime_error(archive_problem(archive));
  static_cast<void>(source.release());
  constexpr zip_uint16_t first_day = (1U << 5U) | 1U;  // month 1, day 1, year 1980 + 0
  const auto member = static_cast<zip_uint64_t>(index);
  if (libzip().zip_set_file_compression(archive, member, ZIP_CM_STORE, 0) != 0 ||
      libzip().zip_file_set_dostime(archive, member, 0, first_day, 0) != 0)
    throw std::runtime_error(archive_problem(archive));
}

// All that was written to an in-memory archive.
std::string contents(zip_source_t* source) {
  zip_stat_t stat = {};
  if (libzip().zip_source_stat(source, &stat) != 0 || libzip().zip_source_open(source) != 0)
    throw std::runtime_error("write_npz: the archive is not readable");
  std::string bytes(stat.size, '\0');
  const zip_int64_t got = libzip().zip_source_read(source, bytes.data(), bytes.size());
  libzip().zip_source_close(source);
  if (got != static_cast<zip_int64_t>(bytes.size())) throw std::runtime_error("write_npz: the archive is incomplete");
  return bytes;
}

}  // namespace

std::map<std::string, Array> parse_npz(std::span<const std::byte> bytes, const std::filesystem::path& name,
                                       std::string_view only) {
  const Archive archive = open_archive(bytes, name);
  std::map<std::string, Array> arrays;
  for (const Entry& entry : list_entries(archive.get(), bytes.size(), name)) {
    if (!only.empty() && entry.array != only) continue;
    if (!arrays.emplace(entry.array, read_entry(archive.get(), entry, name)).second)
      bad_file(name, "", fmt::format("holds two members {}", in_quotes(entry.array)));
  }
  return arrays;
}

std::map<std::string, Array> read_npz(const std::filesystem::path& file, std::string_view only) {
  const MappedFile mapped(file);
  return parse_npz(mapped.bytes(), file, only);
}

void write_npz(const std::filesystem::path& file, const std::map<std::string, Array>& arrays) {
  if (arrays.empty()) throw std::invalid_argument("write_npz: arrays is empty, expected at least one");
  std::vector<std::string> members;  // libzip reads them when the archive is closed
  members.reserve(arrays.size());
  AtomicFile out(file);
  ZipError error;
  const Source buffer(libzip().zip_source_buffer_create(nullptr, 0, 0, &error.error));
  if (!buffer) throw std::runtime_error("write_npz: " + error.text());
  libzip().zip_source_keep(buffer.get());  // one hold for the archive, one for reading it back
  Archive archive(libzip().zip_open_from_source(buffer.get(), ZIP_TRUNCATE, &error.error));
  if (!archive) {
    libzip().zip_source_free(buffer.get());
    throw std::runtime_error("write_npz: " + error.text());
  }
  for (const auto& [name, array] : arrays) {
    check_shape("write_npz: " + name, array.values.size(), array.shape);
    std::string& bytes = members.emplace_back(npy_preamble("f8", array.shape));
    bytes.append(reinterpret_cast<const char*>(array.values.data()), array.values.size() * sizeof(double));
    add_member(archive.get(), name, bytes);
  }
  if (libzip().zip_close(archive.get()) != 0) throw std::runtime_error(archive_problem(archive.get()));
  static_cast<void>(archive.release());  // closed
  out.write(contents(buffer.get()));
  out.commit();
}

}  // namespace gossan
