#include "recover/complete/course.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <stdexcept>

namespace gossan::completing {

Course::Course(const Watch& watch, History& history, Settings problem)
    : watch_(watch), history_(history), problem_(std::move(problem)) {
  const Checkpointing& settings = watch_.checkpoint;
  if (settings.file.empty()) return;
  problem_.insert(problem_.end(), settings.problem.begin(), settings.problem.end());
  if (!std::filesystem::exists(settings.file)) return;
  const Checkpoint checkpoint = read_checkpoint(settings.file);  // refuses what is none, so that it is not replaced either
  if (!settings.resume) return;
  demand_same_problem(settings.file, checkpoint.problem, problem_);
  const Params& state = checkpoint.state;
  const bool shaped = state.size() >= 2 && state[0].name == "stage" && state[0].value.rows() == 1 && state[0].value.cols() == 3;
  if (!shaped) bad_file(settings.file, "state", "expected 'stage' first; the file was changed by hand");
  constexpr double most = 1e9;
  for (const double number : state[0].value.reshaped())
    if (!(number >= 0 && number <= most && number == std::floor(number)))
      bad_file(settings.file, "state", "has stages that no run has; the file was changed by hand");
  const auto carried = static_cast<std::size_t>(state[0].value(2));
  if (carried > state.size() - 1) bad_file(settings.file, "state", "has fewer matrices than this run");
  saved_stage_ = static_cast<Index>(state[0].value(0));
  saved_k_ = static_cast<Index>(state[0].value(1));
  const auto middle = state.begin() + static_cast<std::ptrdiff_t>(1 + carried);
  carried_.assign(state.begin() + 1, middle);
  saved_.emplace(middle, state.end());
}

void Course::show(const std::string& phase, double fraction) const {
  if (watch_.progress) watch_.progress(phase, fraction);
}

void Course::save(Index stage, Index k, const Iteration& iteration, const Params& carried) {
  Matrix numbers(1, 3);
  numbers << static_cast<double>(stage), static_cast<double>(k), static_cast<double>(carried.size());
  Checkpoint checkpoint{problem_, {{"stage", numbers}}};
  checkpoint.state.insert(checkpoint.state.end(), carried.begin(), carried.end());
  const Params state = iteration.state();
  checkpoint.state.insert(checkpoint.state.end(), state.begin(), state.end());
  write_checkpoint(watch_.checkpoint.file, checkpoint);
  last_ = std::chrono::steady_clock::now();
}

bool Course::drive(Index stage, const std::string& phase, Iteration& iteration, Index taken, Index most, double from, double to,
                   const Params& carried, double change) {
  if (was_in(stage)) {
    const Layout expected = layout_of(iteration.state());
    if (layout_of(*saved_) != expected || !all_finite(*saved_) || saved_k_ < 0 || saved_k_ > most)
      bad_file(watch_.checkpoint.file, "state", "does not fit this run; the file was changed by hand");
    iteration.restore(*saved_);
    taken = saved_k_;
    saved_.reset();
  }
  const bool saving = !watch_.checkpoint.file.empty();
  if (saving) save(stage, taken, iteration, carried);
  Index done = taken;  // an iteration may count from where it was restored
  std::vector<Observer> observers = watch_.observers;
  observers.push_back(record(history_, phase));
  observers.emplace_back([&](const Iterate&) -> std::optional<Status> {
    ++steps_;
    ++done;
    const double share = static_cast<double>(done) / static_cast<double>(std::max<Index>(most, 1));
    show(phase, from + (to - from) * std::min(share, 1.0));
    const std::chrono::duration<double> since = std::chrono::steady_clock::now() - last_;
    if (saving && since.count() >= watch_.checkpoint.every) save(stage, done, iteration, carried);
    return std::nullopt;
  });
  const Result result = run(iteration, {.max_iterations = most, .taken = taken, .change = change}, observers);
  const bool cut_off = result.status == Status::interrupted || result.status == Status::time_limit;
  if (cut_off && saving) save(stage, done, iteration, carried);
  if (cut_off || result.status == Status::diverged) {
    status_ = result.status;
    message_ = phase + ": " + result.message;
    return false;
  }
  return true;
}

}  // namespace gossan::completing
