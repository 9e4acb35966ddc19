#include "io/mat_filter.hpp"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <limits>

#include "gossan/io.hpp"
#include "io/numbers.hpp"
#include "io/text.hpp"

namespace gossan {
namespace {

using Bytes = std::span<const std::byte>;

// Data types and array classes of "MAT-File Format" (The MathWorks), tables 1-1 and 1-3.
enum DataType : std::uint32_t { Int8 = 1, Int32 = 5, Uint32 = 6, MatrixType = 14, Compressed = 15 };
enum ArrayClass : std::uint32_t {
  Cell = 1,
  Struct,
  Object,
  Char,
  Sparse,
  Double,
  Single,
  Int8Class,
  Uint64Class = 15,
  Function,
  Opaque
};
constexpr std::uint32_t complex_flag = 0x0800;
constexpr std::size_t header_size = 128, tag_size = 8;

Index stored_size(std::uint32_t data_type) {  // bytes a number; 0: holds no numbers
  constexpr std::array<Index, 14> sizes{0, 1, 1, 2, 2, 4, 4, 4, 0, 8, 0, 0, 8, 8};
  return data_type < sizes.size() ? sizes[data_type] : 0;
}

std::string_view class_in_words(std::uint32_t array_class) {
  constexpr std::array<std::string_view, 6> words{"of no known class", "a cell array", "a struct",
                                                  "an object",         "text",         "a sparse matrix"};
  if (array_class < words.size()) return words[array_class];
  return array_class == Function ? "a function" : array_class == Opaque ? "an object" : "of no known class";
}

std::uint32_t read_u32(Bytes bytes, std::size_t at, bool swapped) {
  std::uint32_t value = 0;
  std::memcpy(&value, bytes.data() + at, sizeof value);
  return swapped ? __builtin_bswap32(value) : value;
}

std::string_view as_text(Bytes bytes) { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }

// Walks the elements of one level: tag, data, padding to 8 bytes.
class Elements {
 public:
  struct Element {
    std::uint32_t type = 0;
    Bytes data;
  };

  Elements(Bytes bytes, bool swapped, const std::filesystem::path& name, std::string where)
      : bytes_(bytes), swapped_(swapped), name_(name), where_(std::move(where)) {}

  bool done() const { return at_ == bytes_.size(); }
  std::size_t at() const { return at_; }

  Element next(std::string_view what) {
    if (bytes_.size() - at_ < tag_size) fail(fmt::format("ends inside the tag of {}", what));
    const std::uint32_t first = read_u32(bytes_, at_, swapped_);
    if (first > 0xFFFF) return small(first, what);
    const std::size_t size = read_u32(bytes_, at_ + 4, swapped_);
    at_ += tag_size;
    if (size > bytes_.size() - at_) fail(fmt::format("{} claims {} bytes, but only {} follow", what, size, bytes_.size() - at_));
    const Element element{first, bytes_.subspan(at_, size)};
    const std::size_t padded = first == Compressed ? size : (size + 7) / 8 * 8;
    at_ = std::min(at_ + padded, bytes_.size());
    return element;
  }

  [[noreturn]] void fail(const std::string& problem) const { bad_file(name_, where_, problem); }

 private:
  // Up to four bytes share the tag's own eight.
  Element small(std::uint32_t first, std::string_view what) {
    const std::size_t size = first >> 16U;
    if (size > 4) fail(fmt::format("the small element {} claims {} bytes, expected at most 4", what, size));
    const Element element{first & 0xFFFFU, bytes_.subspan(at_ + 4, size)};
    at_ += tag_size;
    return element;
  }

  Bytes bytes_;
  bool swapped_;
  const std::filesystem::path& name_;
  std::string where_;
  std::size_t at_ = 0;
};

struct Variable {
  std::string name;
  std::string kind;  // empty: dense, real, numeric
};

// The parts of one array: flags, extents, name, numbers. Only of plain ones are the numbers looked at.
Variable inspect(Bytes matrix, bool swapped, const std::filesystem::path& file, const std::string& where) {
  Elements parts(matrix, swapped, file, where);
  const auto flags = parts.next("the array flags");
  if (flags.type != Uint32 || flags.data.size() != 8) parts.fail("has no array flags of 8 bytes");
  const std::uint32_t word = read_u32(flags.data, 0, swapped), array_class = word & 0xFFU;
  if (array_class == Opaque) return {"", std::string(class_in_words(array_class))};  // laid out differently
  const auto extents = parts.next("the extents");
  if (extents.type != Int32 || extents.data.size() % 4 != 0 || extents.data.size() < 8 || extents.data.size() > 4 * 32UL)
    parts.fail("has no list of 2 to 32 extents");
  const auto label = parts.next("the name");
  if (label.type != Int8 || label.data.size() > 63) parts.fail("has no name of at most 63 characters");
  const std::string name(as_text(label.data).substr(0, as_text(label.data).find('\0')));
  if (array_class < Double || array_class > Uint64Class) return {name, std::string(class_in_words(array_class))};
  if ((word & complex_flag) != 0) return {name, "complex"};

  std::vector<Index> shape;
  for (std::size_t k = 0; k < extents.data.size(); k += 4)
    shape.push_back(static_cast<std::int32_t>(read_u32(extents.data, k, swapped)));
  const auto numbers = parts.next("the numbers");
  const Index size = stored_size(numbers.type);
  if (size == 0)
    parts.fail(fmt::format("variable {}: numbers are stored as type {}, expected a numeric type", in_quotes(name), numbers.type));
  const auto count = element_count(shape, 8);
  if (!count || static_cast<std::size_t>(*count * size) != numbers.data.size())
    parts.fail(fmt::format("variable {}: extents are {}, but {} bytes of numbers follow, {} bytes each", in_quotes(name),
                           fmt::join(shape, " x "), numbers.data.size(), size));
  if (matrix.size() > std::numeric_limits<std::int32_t>::max())
    parts.fail(fmt::format("variable {}: is larger than 2 GiB, this format's limit", in_quotes(name)));
  if (!parts.done()) parts.fail(fmt::format("variable {}: goes on after its numbers", in_quotes(name)));
  return {name, ""};
}

// The one element inside a compressed element, tag included. Its own tag says how long it is; deflate never expands by more than
// 1032, so a larger claim is refused before anything is allocated.
std::vector<std::byte> inflate(Bytes packed, bool swapped, const std::filesystem::path& file, const std::string& where) {
  struct Stream : z_stream {
    Stream() : z_stream{} {}
    ~Stream() { inflateEnd(this); }
    Stream(const Stream&) = delete;
    Stream& operator=(const Stream&) = delete;
  } stream;
  if (inflateInit(&stream) != Z_OK) throw std::bad_alloc();
  stream.next_in = const_cast<Bytef*>(reinterpret_cast<const Bytef*>(packed.data()));  // zlib's interface of old
  stream.avail_in = static_cast<uInt>(packed.size());                                  // came from a 32-bit size
  std::vector<std::byte> out(tag_size);
  const auto fill = [&](std::size_t from) {
    stream.next_out = reinterpret_cast<Bytef*>(out.data() + from);
    stream.avail_out = static_cast<uInt>(out.size() - from);
    const int status = ::inflate(&stream, Z_SYNC_FLUSH);
    if ((status != Z_OK && status != Z_STREAM_END && status != Z_BUF_ERROR) || stream.avail_out != 0)
      bad_file(file, where, fmt::format("cannot be unpacked: {}", stream.msg != nullptr ? stream.msg : "it ends too early"));
  };
  fill(0);
  const std::size_t size = read_u32(out, 4, swapped);
  if (size / 1032 > packed.size())
    bad_file(file, where, fmt::format("claims {} bytes out of {} compressed ones", size, packed.size()));
  out.resize(tag_size + size);
  if (size > 0) fill(tag_size);
  return out;
}

void append(std::vector<std::byte>& to, Bytes bytes) {
  const std::size_t before = to.size();
  to.resize(before + bytes.size());
  std::copy(bytes.begin(), bytes.end(), to.begin() + static_cast<std::ptrdiff_t>(before));
}

// True when matio shall see the variable; notes the others. MATLAB keeps data of its own under an empty name.
bool wanted(const Variable& variable, FilteredMat& out) {
  if (variable.name.empty()) return false;
  if (!variable.kind.empty()) out.others.emplace(variable.name, variable.kind);
  return variable.kind.empty();
}

FilteredMat filter_version_5(Bytes bytes, const std::filesystem::path& name) {
  const std::string_view order = as_text(bytes).substr(126, 2);
  const bool swapped = (order == "IM") != (std::endian::native == std::endian::little);
  const std::uint32_t low = std::to_integer<std::uint32_t>(bytes[124]), high = std::to_integer<std::uint32_t>(bytes[125]);
  const std::uint32_t version = order == "IM" ? 256 * high + low : 256 * low + high;
  if (version != 0x0100) bad_file(name, "header", fmt::format("has version 0x{:04x}, expected 0x0100", version));
  FilteredMat out;
  append(out.file, bytes.first(header_size));
  std::fill_n(out.file.begin() + 116, 8, std::byte{});  // no pointer to data of subsystems, which are left out
  Elements elements(bytes.subspan(header_size), swapped, name, "");
  while (!elements.done()) {
    const std::string where = fmt::format("element at byte {}", header_size + elements.at());
    auto element = elements.next(where);
    std::vector<std::byte> unpacked;
    if (element.type == Compressed) {
      unpacked = inflate(element.data, swapped, name, where);
      element = Elements(unpacked, swapped, name, where).next("the array");
    }
    if (element.type != MatrixType) bad_file(name, where, fmt::format("is of type {}, expected an array (14)", element.type));
    if (element.data.empty() || !wanted(inspect(element.data, swapped, name, where), out)) continue;
    const std::array<std::uint32_t, 2> tag{MatrixType, static_cast<std::uint32_t>((element.data.size() + 7) / 8 * 8)};
    for (const std::uint32_t word : tag) {
      const std::uint32_t stored = swapped ? __builtin_bswap32(word) : word;
      append(out.file, std::as_bytes(std::span(&stored, 1)));
    }
    append(out.file, element.data);
    out.file.resize((out.file.size() + 7) / 8 * 8);
    ++out.variables;
  }
  return out;
}

// Version 4: five 32-bit words (type MOPT, rows, columns, imaginary flag, length of the name), the name, the numbers by column.
FilteredMat filter_version_4(Bytes bytes, const std::filesystem::path& name) {
  constexpr std::size_t words = 20;
  constexpr std::array<Index, 6> sizes{8, 4, 4, 2, 2, 1};  // by P of MOPT
  FilteredMat out;
  std::size_t at = 0;
  while (at < bytes.size()) {
    const auto fail = [&](const std::string& problem) { bad_file(name, fmt::format("variable at byte {}", at), problem); };
    if (bytes.size() - at < words) fail("ends inside its header");
    const bool swapped = read_u32(bytes, at, false) > 4052;  // 4052: the largest MOPT
    const auto word = [&](std::size_t k) { return read_u32(bytes, at + 4 * k, swapped); };
    const std::uint32_t type = word(0), precision = type / 10 % 10, content = type % 10;
    if (type > 4052 || type / 100 % 10 != 0 || precision >= sizes.size() || content > 2)
      fail(fmt::format("begins with {}: neither a MATLAB 5 header nor a version 4 type",
                       in_quotes(as_text(bytes.subspan(at, 8)))));
    const std::array<Index, 2> shape{static_cast<std::int32_t>(word(1)), static_cast<std::int32_t>(word(2))};
    const std::size_t name_size = word(4), left = bytes.size() - at - words;
    if (name_size < 1 || name_size > 64 || name_size > left)
      fail(fmt::format("has a name of {} bytes, expected 1 to 64", name_size));
    const auto count = element_count(shape, 16);
    const bool is_complex = word(3) != 0;
    const Index size = sizes[precision] * (is_complex ? 2 : 1);
    if (!count || static_cast<std::size_t>(*count * size) > left - name_size)
      fail(fmt::format("claims {} x {} numbers of {} bytes, but only {} bytes follow", shape[0], shape[1], size,
                       left - name_size));
    const std::string_view label = as_text(bytes.subspan(at + words, name_size));
    if (label.back() != '\0') fail("has a name without its closing zero");
    const std::size_t total = words + name_size + static_cast<std::size_t>(*count * size);
    const std::string kind = content == 1 ? "text" : content == 2 ? "a sparse matrix" : is_complex ? "complex" : "";
    if (wanted({std::string(label.substr(0, label.find('\0'))), kind}, out)) {
      append(out.file, bytes.subspan(at, total));
      ++out.variables;
    }
    at += total;
  }
  return out;
}

}  // namespace

FilteredMat filter_mat(Bytes bytes, const std::filesystem::path& name) {
  if (bytes.empty()) bad_file(name, "", "is empty, expected a MATLAB file");
  const std::string_view text = as_text(bytes);
  const bool order_mark = bytes.size() >= header_size && (text.substr(126, 2) == "IM" || text.substr(126, 2) == "MI");
  if (text.starts_with("\x89HDF") || text.starts_with("MATLAB 7.3") ||
      text.substr(0, 1024).find("\x89HDF\r\n") != std::string_view::npos)
    bad_file(name, "", "is a MATLAB 7.3 (HDF5) file, expected version 7.2 or older: in MATLAB, save(..., '-v7') writes one");
  if (text.starts_with("MATLAB") && !order_mark) bad_file(name, "header", "is cut off or has no byte-order mark");
  return order_mark ? filter_version_5(bytes, name) : filter_version_4(bytes, name);
}

}  // namespace gossan
