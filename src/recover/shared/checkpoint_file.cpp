#include "recover/shared/checkpoint_file.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <stdexcept>

namespace gossan {

void refuse_checkpoints(const Watch& watch, const char* who) {
  if (watch.checkpoint.file.empty()) return;
  throw std::invalid_argument(fmt::format("{}: writes no checkpoints, expected none to be asked for", who));
}

std::string checksum_of(const Matrix& values) { return checksum({values.data(), static_cast<std::size_t>(values.size())}); }

std::optional<Params> CheckpointFile::open(const Params& first) {
  if (!asked_for()) return std::nullopt;
  const bool there = std::filesystem::exists(settings_.file);
  if (there && settings_.resume) {
    Checkpoint saved = read_checkpoint(settings_.file);
    demand_same_problem(settings_.file, saved.problem, problem_);
    return std::move(saved.state);
  }
  if (there) read_checkpoint(settings_.file);  // refuses to replace what is none
  try {
    write_checkpoint(settings_.file, {problem_, first});
  } catch (const std::runtime_error& error) {
    throw std::invalid_argument(fmt::format("checkpoint {}; expected a file that can be written", error.what()));
  }
  return std::nullopt;
}

bool CheckpointFile::due() const {
  return asked_for() && std::chrono::steady_clock::now() - last_ >= std::chrono::duration<double>(settings_.every);
}

void CheckpointFile::save(const Params& state) {
  last_ = std::chrono::steady_clock::now();
  try {
    write_checkpoint(settings_.file, {problem_, state});
    trouble_.clear();
  } catch (const std::runtime_error& error) {
    trouble_ = error.what();
  }
}

}  // namespace gossan
