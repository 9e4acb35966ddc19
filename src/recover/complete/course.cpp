#include "recover/complete/course.hpp"

#include <algorithm>
#include <cmath>

#include "recover/shared/watched_runs.hpp"
#include "run/ask.hpp"

namespace gossan::completing {
namespace {

Settings whole_problem(Settings problem, const Checkpointing& settings) {
  problem.insert(problem.end(), settings.problem.begin(), settings.problem.end());
  return problem;
}

}  // namespace

Course::Course(const Watch& watch, History& history, const Settings& problem)
    : watch_(watch), history_(history), file_(watch.checkpoint, whole_problem(problem, watch.checkpoint)) {
  const std::optional<Params> saved = file_.open({{"stage", Matrix::Zero(1, 3)}});
  if (!saved) return;
  const Params& state = *saved;
  const bool shaped = !state.empty() && state[0].name == "stage" && state[0].value.rows() == 1 && state[0].value.cols() == 3;
  if (!shaped) bad_file(file_.name(), "state", "expected 'stage' first; the file was changed by hand");
  constexpr double most = 1e9;
  for (const double number : state[0].value.reshaped())
    if (!(number >= 0 && number <= most && number == std::floor(number)))
      bad_file(file_.name(), "state", "has stages that no run has; the file was changed by hand");
  if (state.size() == 1) return;  // saved before the first stage began
  const auto carried = static_cast<std::size_t>(state[0].value(2));
  if (carried > state.size() - 1) bad_file(file_.name(), "state", "has fewer matrices than this run");
  saved_stage_ = static_cast<Index>(state[0].value(0));
  saved_k_ = static_cast<Index>(state[0].value(1));
  const auto middle = state.begin() + static_cast<std::ptrdiff_t>(1 + carried);
  carried_.assign(state.begin() + 1, middle);
  saved_.emplace(middle, state.end());
}

void Course::show(const std::string& phase, double fraction) const {
  if (watch_.progress) watch_.progress(phase, fraction);
}

Params Course::state_of(Index stage, Index k, const Iteration& iteration, const Params& carried) {
  Matrix numbers(1, 3);
  numbers << static_cast<double>(stage), static_cast<double>(k), static_cast<double>(carried.size());
  Params all = {{"stage", numbers}};
  all.insert(all.end(), carried.begin(), carried.end());
  const Params own = iteration.state();
  all.insert(all.end(), own.begin(), own.end());
  return all;
}

bool Course::drive(Index stage, const std::string& phase, Iteration& iteration, Index taken, Index most, double from, double to,
                   const Params& carried, double change) {
  if (was_in(stage)) {
    const Layout expected = layout_of(iteration.state());
    if (layout_of(*saved_) != expected || !all_finite(*saved_) || saved_k_ < 0 || saved_k_ > most)
      bad_file(file_.name(), "state", "does not fit this run; the file was changed by hand");
    iteration.restore(*saved_);
    taken = saved_k_;
    saved_.reset();
  }
  const auto state = [&](Index k) { return state_of(stage, k, iteration, carried); };
  if (file_.asked_for()) file_.save(state(taken));
  Index done = taken;  // an iteration may count from where it was restored
  std::vector<Observer> observers = watching(watch_, history_, phase);
  observers.emplace_back([&](const Iterate&) -> std::optional<Status> {
    ++steps_;
    ++done;
    const double share = static_cast<double>(done) / static_cast<double>(std::max<Index>(most, 1));
    show(phase, from + (to - from) * std::min(share, 1.0));
    if (file_.due()) file_.save(state(done));
    return std::nullopt;
  });
  const Result result = run(iteration, {.max_iterations = most, .taken = taken, .change = change}, observers);
  const bool cut_short = cut_off(result.status);
  if (cut_short && file_.asked_for()) file_.save(state(done));
  if (cut_short || result.status == Status::diverged) {
    status_ = result.status;
    message_ = phase + ": " + result.message;
    return false;
  }
  return true;
}

}  // namespace gossan::completing
