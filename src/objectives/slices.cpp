#include "objectives/slices.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "gossan/linalg.hpp"
#include "objectives/checks.hpp"

namespace gossan {
namespace {

const Slices& sliceable(const Operator& A, const char* who) {
  if (const auto* slices = dynamic_cast<const Slices*>(&A)) return *slices;
  throw std::invalid_argument(fmt::format(
      "{}: A cannot be cut into runs of measurements, expected dense, rank-one, streamed or implicit measurements", who));
}

Index rounded_up_to(Index length, Index step) { return step * block_count(length, step); }

}  // namespace

SlicedFit::SlicedFit(const Operator& A, Model& model, const Loss& loss, std::span<const double> y,
                     const std::vector<bool>& fitted, Index length, const char* who)
    : A_(A),
      slices_(sliceable(A, who)),
      model_(model),
      loss_(loss),
      y_(y),
      fitted_(fitted),
      fitted_count_(check_fit(A, model, y, fitted, who)),
      length_(rounded_up_to(length, slices_.slice_step())),
      runs_(block_count(A.measurements(), length_)) {}

SlicedFit::Run SlicedFit::run(Index p) const {
  if (p < 0 || p >= runs_) throw std::invalid_argument(fmt::format("part is {}, expected 0 to {}", p, runs_ - 1));
  const Index first = p * length_, count = std::min(length_, A_.measurements() - first);
  Run run;
  run.fitted.assign(fitted_.begin() + first, fitted_.begin() + first + count);
  run.count = static_cast<Index>(std::count(run.fitted.begin(), run.fitted.end(), true));
  if (run.count == 0) return run;
  run.A = slices_.slice(first, count);
  run.fit =
      data_fit(*run.A, model_, loss_, y_.subspan(static_cast<std::size_t>(first), static_cast<std::size_t>(count)), run.fitted);
  return run;
}

}  // namespace gossan
