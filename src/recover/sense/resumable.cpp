#include "recover/sense/resumable.hpp"

#include <fmt/format.h>

#include <cmath>
#include <stdexcept>
#include <utility>

#include "gossan/linalg.hpp"
#include "gossan/random.hpp"
#include "recover/shared/option_fields.hpp"
#include "run/ask.hpp"

namespace gossan::sensing {
namespace {

constexpr Index history_columns = 6;

Matrix table(const History& history) {
  Matrix rows(static_cast<Index>(history.size()), history_columns);
  for (Index n = 0; n < rows.rows(); ++n) {
    const HistoryRow& row = history[static_cast<std::size_t>(n)];
    rows.row(n) << static_cast<double>(row.k), row.f, row.gradient_norm, row.step, row.change, row.seconds;
  }
  return rows;
}

Matrix table(const Trace& trace) {
  const auto rows = static_cast<Index>(trace.rows.size());
  Matrix values(rows, rows == 0 ? 0 : static_cast<Index>(trace.rows[0].size()));
  for (Index n = 0; n < rows; ++n)
    values.row(n) = Eigen::Map<const Eigen::RowVectorXd>(trace.rows[static_cast<std::size_t>(n)].data(), values.cols());
  return values;
}

// The blocks of a saved state in order, each as it must be.
class Reader {
 public:
  Reader(const Params& state, const std::filesystem::path& file) : state_(state), file_(file) {}

  const Matrix& next(const std::string& name, Index rows, Index cols) {
    if (at_ == state_.size() || state_[at_].name != name || (rows >= 0 && state_[at_].value.rows() != rows) ||
        (cols >= 0 && state_[at_].value.cols() != cols))
      bad_file(file_, fmt::format("state {}", at_), fmt::format("expected '{}'; the file was changed by hand", name));
    return state_[at_++].value;
  }
  // Blocks of the names and shapes of `like`, and finite.
  Params next(const Params& like) {
    Params blocks;
    for (const Block& each : like) blocks.push_back({each.name, next(each.name, each.value.rows(), each.value.cols())});
    if (!all_finite(blocks)) bad_file(file_, "state", "has numbers that are not finite");
    return blocks;
  }
  Index count(double value) const {
    constexpr double most = 1e15;
    if (!(value >= 0 && value <= most && value == std::floor(value)))
      bad_file(file_, "state", fmt::format("counts {} steps or sweeps", value));
    return static_cast<Index>(value);
  }
  void end() const {
    if (at_ != state_.size()) bad_file(file_, "state", "has more matrices than this run");
  }

 private:
  const Params& state_;
  const std::filesystem::path file_;
  std::size_t at_ = 0;
};

}  // namespace

Resumable::Resumable(const Running& running, const Checkpointing& settings, Settings problem)
    : running_(running), file_(settings, std::move(problem)) {
  if (!file_.asked_for()) return;
  if (const auto saved = file_.open(state())) restore(*saved);
}

void Resumable::restore(const Params& saved) {
  Reader reader(saved, file_.name());
  const Matrix& numbers = reader.next("numbers", 1, 5);
  const Matrix& history = reader.next("history", -1, history_columns);
  std::size_t width = 0;
  for (const Gauge& gauge : running_.gauges) width += gauge.columns.size();
  const Matrix& trace = reader.next("trace", history.rows(), history.rows() == 0 ? 0 : static_cast<Index>(width));
  for (const Gauge& gauge : running_.gauges) {
    if (gauge.state) gauge.restore(reader.next(gauge.state()));
  }
  const Params state = reader.next(running_.iteration.state());  // of a descent: k comes last
  reader.end();
  taken_ = steps_ = reader.count(numbers(0));
  if (state.back().value(0, 0) != numbers(0)) bad_file(file_.name(), "state", "has two numbers of steps");
  running_.iteration.restore(state);
  seconds_ = numbers(1);
  running_.rough = numbers(2) != 0;
  running_.last_change = numbers(3);
  running_.A.count_from(reader.count(numbers(4)));
  for (Index n = 0; n < history.rows(); ++n) {
    const auto row = history.row(n);
    running_.history.push_back({"descent", reader.count(row(0)), row(1), row(2), row(3), row(4), row(5)});
    running_.trace.rows.emplace_back(trace.row(n).begin(), trace.row(n).end());
  }
}

Params Resumable::state() const {
  const double seconds = seconds_ + std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
  Matrix numbers(1, 5);
  numbers << static_cast<double>(steps_), seconds, running_.rough ? 1.0 : 0.0, running_.last_change,
      static_cast<double>(running_.A.sweeps());
  Params all = {{"numbers", numbers}, {"history", table(running_.history)}, {"trace", table(running_.trace)}};
  const auto append = [&](const Params& blocks) { all.insert(all.end(), blocks.begin(), blocks.end()); };
  for (const Gauge& gauge : running_.gauges) {
    if (gauge.state) append(gauge.state());
  }
  append(running_.iteration.state());
  return all;
}

Observer Resumable::saves() {
  return [this](const Iterate& at) -> std::optional<Status> {
    steps_ = at.k;
    if (file_.due()) file_.save(state());
    return std::nullopt;
  };
}

void Resumable::end(Status status) {
  const bool cut_short = cut_off(status);
  if (cut_short && file_.asked_for()) file_.save(state());
}

Settings problem_of(const Operator& A, std::span<const double> y, const Matrix* truth, const SenseOptions& options,
                    const Sensed& answer, const Settings& also) {
  const Random left(0, 401), right(0, 402);
  std::vector<double> z(y.size());
  predict(A, normal_matrix(A.rows(), 1, left), normal_matrix(A.cols(), 1, right), z);
  Settings problem = {{"matrix", fmt::format("{} x {} from {} measurements", A.rows(), A.cols(), A.measurements())}};
  append_values(problem, SenseOptions(options).fields());
  problem.insert(problem.end(), answer.choices.begin(), answer.choices.end());
  problem.insert(problem.end(), also.begin(), also.end());
  problem.emplace_back("instructions", simd_level());
  problem.emplace_back("measured values", checksum(y));
  problem.emplace_back("measurement matrices", checksum(z));
  problem.emplace_back("truth", truth != nullptr ? checksum_of(*truth) : "none");
  return problem;
}

}  // namespace gossan::sensing
