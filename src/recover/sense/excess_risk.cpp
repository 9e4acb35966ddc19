#include "recover/sense/excess_risk.hpp"

#include <fmt/format.h>

#include <cmath>
#include <limits>
#include <map>
#include <stdexcept>

namespace gossan::sensing {

void check_excess_risk(const SenseOptions& options, const Matrix* truth) {
  if (!options.excess_risk) return;
  const std::string who = "option 'excess_risk' of sense: ";
  if (truth == nullptr) throw std::invalid_argument(who + "the signal in y is known only with the true matrix, expected one");
  if (options.tuning_free())
    throw std::invalid_argument(who + "is of a descent, expected a method, loss, schedule or start by name");
  const std::string start = options.with_parts(truth->rows() == truth->cols()).init;
  if (start != "small-random" && start != "scaled-identity")
    throw std::invalid_argument(fmt::format(
        "{}the start '{}' depends on y, and the three runs must share theirs, expected init small-random or scaled-identity", who,
        start));
}

void add_excess_risk(const Descend& descend, const Operator& A, Model& model, const Matrix& truth, std::span<const double> y,
                     Index every, Sensed& answer) {
  std::vector<double> signal(y.size()), noise(y.size());
  predict(A, truth, Matrix::Identity(truth.cols(), truth.cols()), signal);
  for (std::size_t e = 0; e < y.size(); ++e) noise[e] = y[e] - signal[e];
  const ExcessRisk split = three_run(descend, model, truth, signal, noise, every);

  std::map<Index, std::size_t> at;
  for (std::size_t n = 0; n < split.k.size(); ++n) at[split.k[n]] = n;
  Trace& trace = answer.trajectory.trace;
  trace.panels.push_back({"Excess risk: of signal and noise apart", {"excess_risk", "bias", "variance"}});
  constexpr double unknown = std::numeric_limits<double>::quiet_NaN();
  for (std::size_t row = 0; row < trace.rows.size(); ++row) {
    const auto found = at.find(answer.history[row].k);
    for (const std::vector<double>* each : {&split.risk, &split.bias, &split.variance})
      trace.rows[row].push_back(found == at.end() ? unknown : (*each)[found->second]);
  }
}

}  // namespace gossan::sensing
