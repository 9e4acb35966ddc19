#include <fcntl.h>
#include <fmt/format.h>
#include <matio.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <memory>
#include <optional>
#include <system_error>

#include "gossan/io.hpp"
#include "io/mapped_file.hpp"
#include "io/mat_filter.hpp"
#include "io/numbers.hpp"
#include "io/shared_library.hpp"
#include "io/text.hpp"

namespace gossan {
namespace {

// A file that exists in memory only, with a path that matio can open.
class MemoryFile {
 public:
  explicit MemoryFile(std::span<const std::byte> bytes) : descriptor_(::memfd_create("mat", MFD_CLOEXEC)) {
    while (descriptor_ >= 0 && !bytes.empty()) {
      const ssize_t written = ::write(descriptor_, bytes.data(), bytes.size());
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) break;
      bytes = bytes.subspan(static_cast<std::size_t>(written));
    }
    if (bytes.empty() && descriptor_ >= 0) return;
    const int error = errno;
    if (descriptor_ >= 0) ::close(descriptor_);
    throw std::system_error(error, std::generic_category(), "read_mat: no memory for a copy of the variables");
  }
  ~MemoryFile() { ::close(descriptor_); }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;
  std::string path() const { return fmt::format("/proc/self/fd/{}", descriptor_); }

 private:
  int descriptor_;
};

// matio, loaded with the first file that is read: it brings HDF5 and some thirty libraries more.
struct Matio {
  SharedLibrary library{GOSSAN_LIBMATIO};
  decltype(&::Mat_Open) open = library.get<decltype(::Mat_Open)>("Mat_Open");
  decltype(&::Mat_Close) close = library.get<decltype(::Mat_Close)>("Mat_Close");
  decltype(&::Mat_VarReadNext) read_next = library.get<decltype(::Mat_VarReadNext)>("Mat_VarReadNext");
  decltype(&::Mat_VarFree) free = library.get<decltype(::Mat_VarFree)>("Mat_VarFree");
};
const Matio& matio() {
  static const Matio loaded;
  return loaded;
}

struct MatCloser {
  void operator()(mat_t* file) const { matio().close(file); }
  void operator()(matvar_t* variable) const { matio().free(variable); }
};

// How matio holds the numbers of a variable of this class: converted from whatever the file stored.
std::optional<NumberType> held_type(matio_classes array_class) {
  using Kind = NumberType::Kind;
  switch (array_class) {
    case MAT_C_DOUBLE:
      return NumberType{Kind::Float, 8, false};
    case MAT_C_SINGLE:
      return NumberType{Kind::Float, 4, false};
    case MAT_C_INT8:
      return NumberType{Kind::Signed, 1, false};
    case MAT_C_INT16:
      return NumberType{Kind::Signed, 2, false};
    case MAT_C_INT32:
      return NumberType{Kind::Signed, 4, false};
    case MAT_C_INT64:
      return NumberType{Kind::Signed, 8, false};
    case MAT_C_UINT8:
      return NumberType{Kind::Unsigned, 1, false};
    case MAT_C_UINT16:
      return NumberType{Kind::Unsigned, 2, false};
    case MAT_C_UINT32:
      return NumberType{Kind::Unsigned, 4, false};
    case MAT_C_UINT64:
      return NumberType{Kind::Unsigned, 8, false};
    default:
      return std::nullopt;
  }
}

std::string type_name(NumberType type) {
  const char kind = type.kind == NumberType::Kind::Float ? 'f' : type.kind == NumberType::Kind::Signed ? 'i' : 'u';
  return fmt::format("{}{}", kind, type.size);
}

Array to_array(const matvar_t& variable, const std::filesystem::path& file) {
  Array array;
  for (int k = 0; k < variable.rank; ++k) array.shape.push_back(static_cast<Index>(variable.dims[k]));
  const auto type = held_type(variable.class_type);
  const auto count = type ? element_count(array.shape, type->size) : std::nullopt;
  const bool whole =
      count && (*count == 0 || (variable.data != nullptr && variable.nbytes == static_cast<std::size_t>(*count * type->size)));
  if (!whole) bad_file(file, "variable " + in_quotes(variable.name), "cannot be read by matio");
  array.dtype = type_name(*type);
  array.values = decode(static_cast<const std::byte*>(variable.data), *type, array.shape, true);
  return array;
}

}  // namespace

std::map<std::string, Array> parse_mat(std::span<const std::byte> bytes, const std::filesystem::path& name,
                                       std::map<std::string, std::string>* others) {
  FilteredMat filtered = filter_mat(bytes, name);
  if (others != nullptr) *others = std::move(filtered.others);
  std::map<std::string, Array> arrays;
  if (filtered.variables == 0) return arrays;
  const MemoryFile copy(filtered.file);
  filtered.file = {};
  const std::unique_ptr<mat_t, MatCloser> mat(matio().open(copy.path().c_str(), MAT_ACC_RDONLY));
  if (!mat) bad_file(name, "", "cannot be opened by matio");
  std::size_t found = 0;
  for (; const auto variable = std::unique_ptr<matvar_t, MatCloser>(matio().read_next(mat.get())); ++found)
    if (!arrays.emplace(variable->name, to_array(*variable, name)).second)
      bad_file(name, "", fmt::format("holds two variables {}", in_quotes(variable->name)));
  if (found != filtered.variables) bad_file(name, "", fmt::format("matio reads {} variables of {}", found, filtered.variables));
  return arrays;
}

std::map<std::string, Array> read_mat(const std::filesystem::path& file, std::map<std::string, std::string>* others) {
  const MappedFile mapped(file);
  return parse_mat(mapped.bytes(), file, others);
}

}  // namespace gossan
