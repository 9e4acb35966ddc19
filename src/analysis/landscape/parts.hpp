// The parts of a probe, each in a file of its name.
#pragma once

#include "gossan/losses.hpp"
#include "gossan/probe.hpp"
#include "objectives/tangent.hpp"
#include "run/ask.hpp"

namespace gossan::landscape {

// Residuals r = A(X) - y in the order of the sweeps, and which count as zero.
struct Residuals {
  Vector r;
  double cut = 0;
  bool zero(Index e) const { return std::abs(r(e)) <= cut; }
  Index zeros() const;
  Vector signs() const;  // Sign(r_e), 0 where zero
};

// Tells a watch how far the parts of a probe are, and asks it between passes over the data whether to go on.
class Pace {
 public:
  explicit Pace(const Watch& watch) : watch_(watch) {}
  // A part that stands for the shares `from` to `to` of the whole.
  void begin(std::string_view part, double from, double to) {
    part_ = part;
    from_ = from;
    to_ = to;
  }
  // `done` of the part, in [0, 1]. True when the probe is to end.
  bool ends(double done) {
    if (watch_.progress) watch_.progress(part_, from_ + done * (to_ - from_));
    const auto wish = ask(watch_.observers);
    if (wish && !ended()) status_ = *wish;
    return ended();
  }
  // The same where only an exception can end the work.
  void go_on(double done) {
    if (ends(done)) throw Ended();
  }
  struct Ended {};
  bool ended() const { return status_ != Status::converged; }
  Status status() const { return status_; }

 private:
  const Watch& watch_;
  std::string_view part_;
  double from_ = 0, to_ = 1;
  Status status_ = Status::converged;
};

Index numerical_rank(const Matrix& factor);  // singular values above 1e-6 of the largest

Stationarity clarke_stationarity(Tangent& tangent, const Residuals& at, const ProbeOptions& options, Pace& pace);
Stationarity smooth_stationarity(Tangent& tangent, const Residuals& at, const Loss& loss, const Vector& y, double tolerance);
std::optional<Sharpness> sharpness(Tangent& tangent, const Residuals& at, Index samples, std::uint64_t seed, Pace& pace);
// Says in `why_none` where there is none.
std::optional<StructuredDirection> structured_direction(Tangent& tangent, const Residuals& at, double gamma,
                                                        std::string& why_none);
// Throws Pace::Ended.
HessianEnds hessian_ends(Tangent& tangent, const Residuals& at, const Loss& loss, const Smooth& smooth, double gamma,
                         double length, Pace& pace);
// y in the caller's order, of reference = L R^T.
SignRip sign_rip(const Operator& A, std::span<const double> y, const Factors& reference, Index rank, bool of_truth,
                 const Matrix* error, const ProbeOptions& options, Pace& pace);

// At gamma, gamma / 10 and gamma / 100; `change` gives the loss of one residual r + d less that of r.
template <class Change>
std::vector<Difference> differences(Tangent& tangent, const Residuals& at, double gamma, const Params& direction,
                                    const Change& change) {
  std::vector<Difference> list;
  for (const double step : {gamma, gamma / 10, gamma / 100}) {
    const Vector d = tangent.change(step, direction);
    Difference difference{.gamma = step};
    for (Index e = 0; e < d.size(); ++e) {
      difference.slope += change(at.r(e), d(e));
      if (!at.zero(e) && (at.r(e) > 0) != (at.r(e) + d(e) > 0)) ++difference.sign_changes;
    }
    difference.slope /= static_cast<double>(d.size()) * step * step;
    list.push_back(difference);
  }
  return list;
}

}  // namespace gossan::landscape
