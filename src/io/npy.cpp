#include "io/npy.hpp"

#include <fmt/format.h>

#include <bit>
#include <cstdint>

#include "gossan/io.hpp"
#include "io/atomic_file.hpp"
#include "io/mapped_file.hpp"
#include "io/npy_header.hpp"

namespace gossan {
namespace {

Array to_array(const NpyHeader& header) {
  return {header.shape, decode(header.data.data(), header.type, header.shape, header.fortran_order), header.dtype};
}

void write(const std::filesystem::path& file, std::string_view dtype, std::span<const Index> shape,
           std::span<const std::byte> data) {
  AtomicFile out(file);
  out.write(npy_preamble(dtype, shape));
  out.write(data);
  out.commit();
}

}  // namespace

struct MappedNpy::Mapping {
  explicit Mapping(const std::filesystem::path& path) : file(path), header(parse_npy_header(file.bytes(), path)) {}
  MappedFile file;
  NpyHeader header;
};

MappedNpy::MappedNpy(const std::filesystem::path& file) : mapping_(std::make_unique<Mapping>(file)) {}
MappedNpy::~MappedNpy() = default;
const std::vector<Index>& MappedNpy::shape() const { return mapping_->header.shape; }
const std::string& MappedNpy::dtype() const { return mapping_->header.dtype; }
Array MappedNpy::read() const { return to_array(mapping_->header); }

std::span<const double> MappedNpy::doubles() const {
  const NpyHeader& header = mapping_->header;
  const bool native_f8 =
      header.type.kind == NumberType::Kind::Float && header.type.size == sizeof(double) && !header.type.swapped;
  const bool c_order = !header.fortran_order || header.shape.size() < 2;
  const bool aligned = reinterpret_cast<std::uintptr_t>(header.data.data()) % alignof(double) == 0;
  if (!native_f8 || !c_order || !aligned) return {};
  return {reinterpret_cast<const double*>(header.data.data()), header.data.size() / sizeof(double)};
}

Array parse_npy(std::span<const std::byte> bytes, const std::filesystem::path& name) {
  return to_array(parse_npy_header(bytes, name));
}
Array read_npy(const std::filesystem::path& file) { return MappedNpy(file).read(); }

std::string npy_preamble(std::string_view dtype, std::span<const Index> shape) {
  constexpr std::size_t fixed = 10, alignment = 64;  // magic, version and length; NumPy's alignment of the data
  const char order = dtype == "b1" ? '|' : std::endian::native == std::endian::little ? '<' : '>';
  std::string dictionary =
      fmt::format("{{'descr': '{}{}', 'fortran_order': False, 'shape': {}, }}", order, dtype, shape_text(shape));
  dictionary.append(alignment - 1 - (fixed + dictionary.size()) % alignment, ' ');
  dictionary += '\n';
  std::string preamble("\x93NUMPY\x01\x00", 8);
  preamble += static_cast<char>(dictionary.size() % 256);
  preamble += static_cast<char>(dictionary.size() / 256);
  return preamble + dictionary;
}

void check_shape(std::string_view who, std::size_t count, std::span<const Index> shape) {
  const auto expected = element_count(shape, sizeof(double));
  if (!expected || static_cast<std::size_t>(*expected) != count)
    throw std::invalid_argument(fmt::format("{}: shape is {}, but there are {} values", who, shape_text(shape), count));
}

void write_npy(const std::filesystem::path& file, std::span<const double> values, std::span<const Index> shape) {
  check_shape("write_npy", values.size(), shape);
  write(file, "f8", shape, std::as_bytes(values));
}

void write_npy(const std::filesystem::path& file, const Matrix& values) {
  const std::vector<Index> shape{values.rows(), values.cols()};
  write_npy(file, {values.data(), static_cast<std::size_t>(values.size())}, shape);
}

void write_npy_mask(const std::filesystem::path& file, const std::vector<bool>& values, std::span<const Index> shape) {
  const auto expected = element_count(shape, sizeof(std::uint8_t));
  if (!expected || static_cast<std::size_t>(*expected) != values.size())
    throw std::invalid_argument(
        fmt::format("write_npy_mask: shape is {}, but there are {} values", shape_text(shape), values.size()));
  const std::vector<std::uint8_t> bytes(values.begin(), values.end());
  write(file, "b1", shape, std::as_bytes(std::span(bytes)));
}

void write_npy(const std::filesystem::path& file, const std::vector<bool>& values) {
  const std::vector<Index> shape{static_cast<Index>(values.size())};
  write_npy_mask(file, values, shape);
}

}  // namespace gossan
