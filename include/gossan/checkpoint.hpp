// Checkpoints: files that a run can go on from, to the bit.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "gossan/io.hpp"
#include "gossan/options.hpp"
#include "gossan/params.hpp"

namespace gossan {

struct Checkpoint {
  Settings problem;  // all that the run depends on, by name
  Params state;      // all that changes while it runs
};

// An .npz archive; written as all files are, so that a kill leaves the one before. Names and values of the problem hold no zero
// bytes.
void write_checkpoint(const std::filesystem::path& file, const Checkpoint& checkpoint);
// Throw BadFile on what is damaged, no checkpoint, or one of a newer format.
Checkpoint read_checkpoint(const std::filesystem::path& file);
Checkpoint parse_checkpoint(std::span<const std::byte> bytes, const std::filesystem::path& name);

// Throws BadFile, saying what differs, unless the checkpoint in this file is of this very problem.
void demand_same_problem(const std::filesystem::path& file, const Settings& saved, const Settings& present);

// 16 hexadecimal digits that depend on every bit (FNV-1a): tells data apart, and is no protection against malice.
std::string checksum(std::span<const double> values);

}  // namespace gossan
