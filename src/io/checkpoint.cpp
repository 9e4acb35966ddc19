// The archive holds `gossan_checkpoint`, the number of the format; `problem`, the bytes of its names and values, each ended by a
// zero; and `state.000000.NAME`, `state.000001.NAME`, ... the matrices in their order.
#include "gossan/checkpoint.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>

#include "io/mapped_file.hpp"
#include "io/text.hpp"

namespace gossan {
namespace {

constexpr const char *format_name = "gossan_checkpoint", *problem_name = "problem", *state_prefix = "state.";
constexpr double format = 1;
constexpr std::size_t digits = 6;

Array encoded(const Settings& problem) {
  std::vector<std::string> texts;
  for (const auto& [name, value] : problem) {
    texts.push_back(name);
    texts.push_back(value);
  }
  return array_of_texts(texts);
}

Settings decoded(const Array& array, const std::filesystem::path& name) {
  const std::vector<std::string> texts = texts_of(array, name, problem_name);
  if (texts.size() % 2 != 0) bad_file(name, problem_name, "is no list of names and values");
  Settings problem;
  for (std::size_t k = 0; k < texts.size(); k += 2) problem.emplace_back(texts[k], texts[k + 1]);
  return problem;
}

void check_format(const std::map<std::string, Array>& arrays, const std::filesystem::path& name) {
  const auto found = arrays.find(format_name);
  const bool is_one = found != arrays.end() && found->second.values.size() == 1 && arrays.contains(problem_name);
  if (!is_one) bad_file(name, "", "is no checkpoint of gossan");
  const double number = found->second.values[0];
  if (number != format)
    bad_file(name, "",
             fmt::format("is a checkpoint of format {}, expected {}: another version of gossan wrote it", number, format));
}

Block block(const std::string& member, const Array& array, const std::filesystem::path& name) {
  const std::size_t first = member.find('.', std::string_view(state_prefix).size()) + 1;
  if (first == 0 || array.shape.size() != 2) bad_file(name, in_quotes(member), "is no matrix of a state");
  return {member.substr(first), Eigen::Map<const Matrix>(array.values.data(), array.shape[0], array.shape[1])};
}

}  // namespace

void write_checkpoint(const std::filesystem::path& file, const Checkpoint& checkpoint) {
  std::map<std::string, Array> arrays;
  arrays[format_name] = {{1}, {format}, "<f8"};
  arrays[problem_name] = encoded(checkpoint.problem);
  for (std::size_t k = 0; k < checkpoint.state.size(); ++k) {
    const auto& [name, value] = checkpoint.state[k];
    Array& array = arrays[fmt::format("{}{:0{}}.{}", state_prefix, k, digits, name)];
    array.shape = {value.rows(), value.cols()};
    array.values.assign(value.data(), value.data() + value.size());
  }
  write_npz(file, arrays);
}

Checkpoint parse_checkpoint(std::span<const std::byte> bytes, const std::filesystem::path& name) {
  const auto arrays = parse_npz(bytes, name);
  check_format(arrays, name);
  Checkpoint checkpoint{decoded(arrays.at(problem_name), name), {}};
  for (const auto& [member, array] : arrays) {  // a map: in the order of their numbers
    if (member.starts_with(state_prefix)) checkpoint.state.push_back(block(member, array, name));
  }
  return checkpoint;
}

Checkpoint read_checkpoint(const std::filesystem::path& file) {
  const MappedFile mapped(file);
  return parse_checkpoint(mapped.bytes(), file);
}

void demand_same_problem(const std::filesystem::path& file, const Settings& saved, const Settings& present) {
  const auto value_in = [](const Settings& settings, const std::string& name) -> std::string {
    const auto found = std::find_if(settings.begin(), settings.end(), [&](const auto& each) { return each.first == name; });
    return found == settings.end() ? "not there" : in_quotes(found->second);
  };
  for (const auto* names : {&present, &saved}) {
    for (const auto& [name, value] : *names) {
      const std::string then = value_in(saved, name), now = value_in(present, name);
      if (then != now)
        bad_file(file, "", fmt::format("is the checkpoint of another run: {} was {}, is {}", in_quotes(name), then, now));
    }
  }
}

std::string checksum(std::span<const double> values) {
  constexpr std::uint64_t offset = 14695981039346656037U, prime = 1099511628211U;
  std::uint64_t hash = offset;
  for (const double value : values) {
    const auto bits = std::bit_cast<std::uint64_t>(value);
    for (unsigned shift = 0; shift < 64; shift += 8) hash = (hash ^ ((bits >> shift) & 255U)) * prime;
  }
  return fmt::format("{:016x}", hash);
}

}  // namespace gossan
