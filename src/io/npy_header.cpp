#include "io/npy_header.hpp"

#include <fmt/format.h>

#include <bit>
#include <cctype>
#include <cstdint>
#include <optional>

#include "gossan/io.hpp"
#include "io/text.hpp"

namespace gossan {
namespace {

constexpr std::string_view magic = "\x93NUMPY";
constexpr std::string_view expected_types = "expected real numbers: f2, f4, f8, integers of 1 to 8 bytes, or bool";

// The one Python literal that may stand here: {'descr': '<f8', 'fortran_order': False, 'shape': (3, 4), }, keys in any order.
class DictParser {
 public:
  DictParser(std::string_view text, const std::filesystem::path& name) : text_(text), name_(name) {}

  NpyHeader parse() {
    expect('{');
    while (!accept('}')) {
      entry();
      if (!accept(',')) {
        expect('}');
        break;
      }
    }
    skip_blanks();
    if (at_ != text_.size()) refuse("the end of the header");
    require(descr_.has_value(), "descr");
    require(fortran_order_.has_value(), "fortran_order");
    require(shape_.has_value(), "shape");
    return {*descr_, {}, *fortran_order_, *shape_, 0, {}};
  }

 private:
  void entry() {
    const std::string key = string();
    expect(':');
    if (key == "descr" && !descr_) {
      if (peek() == '[') bad_file(name_, "header", fmt::format("dtype is structured, {}", expected_types));
      descr_ = string();
    } else if (key == "fortran_order" && !fortran_order_) {
      fortran_order_ = boolean();
    } else if (key == "shape" && !shape_) {
      shape_ = shape();
    } else {
      bad_file(name_, "header", fmt::format("key is {}, expected descr, fortran_order and shape once each", in_quotes(key)));
    }
  }

  std::string string() {
    const char quote = peek();
    if (quote != '\'' && quote != '"') refuse("a quoted string");
    const auto end = text_.find(quote, at_ + 1);
    if (end == std::string_view::npos) refuse("a closing quote");
    std::string value(text_.substr(at_ + 1, end - at_ - 1));
    at_ = end + 1;
    return value;
  }

  bool boolean() {
    skip_blanks();
    for (const auto& [word, value] : {std::pair{std::string_view("True"), true}, {std::string_view("False"), false}})
      if (text_.substr(at_).starts_with(word)) {
        at_ += word.size();
        return value;
      }
    refuse("True or False");
  }

  std::vector<Index> shape() {
    constexpr std::size_t most = 64;  // NumPy's own limit
    std::vector<Index> shape;
    expect('(');
    while (!accept(')')) {
      if (shape.size() == most) bad_file(name_, "header", fmt::format("shape has more than {} axes", most));
      shape.push_back(extent());
      if (!accept(',')) {
        if (shape.size() == 1) refuse("',' as in (3,)");
        expect(')');
        break;
      }
    }
    return shape;
  }

  Index extent() {
    skip_blanks();
    auto end = text_.find_first_not_of("-+0123456789", at_);
    if (end == std::string_view::npos) end = text_.size();
    const std::string_view word = text_.substr(at_, end - at_);
    if (word.empty()) refuse("a length");
    const auto value = parse_index(word);
    if (!value || *value < 0)
      bad_file(name_, "header",
               fmt::format("shape has the length {}, expected a whole number from 0 to 2^63 - 1", in_quotes(word)));
    at_ = end;
    if (at_ < text_.size() && text_[at_] == 'L') ++at_;  // Python 2 wrote (3L, 4L)
    return *value;
  }

  char peek() {
    skip_blanks();
    return at_ < text_.size() ? text_[at_] : '\0';
  }
  bool accept(char c) {
    if (peek() != c) return false;
    ++at_;
    return true;
  }
  void expect(char c) {
    if (!accept(c)) refuse(fmt::format("'{}'", c));
  }
  void skip_blanks() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\n')) ++at_;
  }
  void require(bool present, std::string_view key) {
    if (!present) bad_file(name_, "header", fmt::format("has no key '{}'", key));
  }
  [[noreturn]] void refuse(std::string_view expected) {
    bad_file(name_, "header",
             fmt::format("byte {} of the dictionary reads {}, expected {}", at_, in_quotes(text_.substr(at_)), expected));
  }

  std::string_view text_;
  const std::filesystem::path& name_;
  std::size_t at_ = 0;
  std::optional<std::string> descr_;
  std::optional<bool> fortran_order_;
  std::optional<std::vector<Index>> shape_;
};

std::string_view kind_in_words(char kind) {
  switch (kind) {
    case 'c':
      return " (complex)";
    case 'S':
    case 'a':
      return " (byte strings)";
    case 'U':
      return " (strings)";
    case 'O':
      return " (Python objects)";
    case 'V':
      return " (raw records)";
    case 'M':
    case 'm':
      return " (dates)";
    default:
      return "";
  }
}

// "<f8" and its like.
NumberType number_type(std::string_view dtype, const std::filesystem::path& name) {
  using Kind = NumberType::Kind;
  std::string_view rest = dtype;
  char order = '=';
  if (!rest.empty() && std::string_view("<>|=").find(rest.front()) != std::string_view::npos) {
    order = rest.front();
    rest.remove_prefix(1);
  }
  const bool big = std::endian::native == std::endian::big;
  const bool swapped = (order == '<' && big) || (order == '>' && !big);
  for (const auto& [code, kind, sizes] : {std::tuple{'f', Kind::Float, std::string_view("248")},
                                          {'i', Kind::Signed, std::string_view("1248")},
                                          {'u', Kind::Unsigned, std::string_view("1248")},
                                          {'b', Kind::Bool, std::string_view("1")}})
    if (rest.size() == 2 && rest[0] == code && sizes.find(rest[1]) != std::string_view::npos)
      return {kind, rest[1] - '0', swapped};
  bad_file(name, "header",
           fmt::format("dtype is {}{}, {}", in_quotes(dtype), kind_in_words(rest.empty() ? ' ' : rest.front()), expected_types));
}

// Start of the dictionary and its length; refuses headers that reach beyond the file.
std::pair<std::size_t, std::size_t> dictionary_place(std::string_view text, const std::filesystem::path& name) {
  if (text.empty()) bad_file(name, "", "is empty, expected a NumPy array");
  if (!text.starts_with(magic))
    bad_file(name, "",
             fmt::format("is no NumPy array: it begins with {}, expected {}", in_quotes(text.substr(0, 8)), in_quotes(magic)));
  const auto byte_at = [&](std::size_t k) { return std::size_t{static_cast<unsigned char>(text[k])}; };
  if (text.size() < 10) bad_file(name, "header", fmt::format("is cut off after {} bytes", text.size()));
  const std::size_t version = byte_at(6);
  if (version < 1 || version > 3 || byte_at(7) != 0)
    bad_file(name, "header", fmt::format("format version is {}.{}, expected 1.0, 2.0 or 3.0", version, byte_at(7)));
  const std::size_t width = version == 1 ? 2 : 4;
  const std::size_t start = 8 + width;
  if (text.size() < start) bad_file(name, "header", fmt::format("is cut off after {} bytes", text.size()));
  std::size_t length = 0;
  for (std::size_t k = width; k-- > 0;) length = 256 * length + byte_at(8 + k);
  if (length > text.size() - start)
    bad_file(name, "header", fmt::format("claims {} bytes, but only {} follow", length, text.size() - start));
  return {start, length};
}

}  // namespace

std::string shape_text(std::span<const Index> shape) {
  if (shape.size() == 1) return fmt::format("({},)", shape[0]);
  return fmt::format("({})", fmt::join(shape, ", "));
}

NpyHeader parse_npy_start(std::span<const std::byte> bytes, std::size_t file_size, const std::filesystem::path& name) {
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  const auto [start, length] = dictionary_place(text, name);
  NpyHeader header = DictParser(text.substr(start, length), name).parse();
  header.type = number_type(header.dtype, name);
  header.start = start + length;
  const auto count = element_count(header.shape, header.type.size);
  if (!count) bad_file(name, "header", fmt::format("shape {} is too large for any memory", shape_text(header.shape)));
  const auto needed = static_cast<std::size_t>(*count * header.type.size), present = file_size - header.start;
  if (present != needed)
    bad_file(name, "data",
             fmt::format("{} bytes {}, expected {} for shape {} of {}", present,
                         present < needed ? "before the end of the file" : "up to the end of the file", needed,
                         shape_text(header.shape), in_quotes(header.dtype)));
  return header;
}

NpyHeader parse_npy_header(std::span<const std::byte> bytes, const std::filesystem::path& name) {
  NpyHeader header = parse_npy_start(bytes, bytes.size(), name);
  header.data = bytes.subspan(header.start);
  return header;
}

}  // namespace gossan
