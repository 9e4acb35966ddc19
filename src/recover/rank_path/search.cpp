#include "recover/rank_path/search.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "recover/rank_path/directions.hpp"
#include "recover/shared/scales.hpp"

namespace gossan::rank_paths {
namespace {

constexpr double tells = 0.95;               // a rank is worth having that lowers the held-out scale to this
constexpr double nothing_to_explain = 1e-9;  // of the data's scale: nothing is left to explain

// By the entries held out, or by the fitted ones where none were.
double held_out_scale(const RowSample& sample, const Matrix& L, const Matrix& R, double training) {
  return sample.held_out.empty() ? training : median_scale(robust_pca::sizes_at(L, R, sample.held_out));
}

class Search {
 public:
  Search(const RowSample& sample, std::uint64_t seed, robust_pca::Course& course)
      : sample_(sample), table_(table_of(sample.Y)), seed_(seed), course_(course) {}

  RankFit nothing() const {
    const Index m = sample_.Y.rows(), n = sample_.Y.cols();
    RankFit fit{Matrix(m, 0), Matrix(n, 0)};
    fit.training = table_scale(table_, Matrix::Zero(m, 1), Matrix::Zero(n, 1), seed_);
    fit.held_out = held_out_scale(sample_, Matrix::Zero(m, 1), Matrix::Zero(n, 1), fit.training);
    return fit;
  }

  // Sweeps from factors.
  RankFit settle(Matrix L, Matrix R, double scale) {
    constexpr Index least = 3, most = 25;
    HuberSweeps sweeps(table_, std::move(L), std::move(R), scale, seed_);
    sweep(sweeps, fmt::format("rank {}", sweeps.R().cols()), least, most, course_);
    RankFit fit{sweeps.L(), sweeps.R(), sweeps.scale()};
    fit.held_out = held_out_scale(sample_, fit.L, fit.R, fit.training);
    return fit;
  }

  RankFit with_more(const RankFit& fit, Index directions) {
    const Matrix C = clipped_residual(sample_.Y, fit.L, fit.R, fit.training);
    const Directions more = strongest(C, directions, seed_ + static_cast<std::uint64_t>(fit.rank()));
    return settle(beside(fit.L, more.U), beside(fit.R, more.V), fit.training);
  }

  // Of a picture that hardly changes the median over the frames is a better start than any direction.
  RankFit first(const RankFit& none) {
    RankFit strong = with_more(none, 1);
    const Index m = sample_.Y.rows(), n = sample_.Y.cols();
    Matrix medians(m, 1);
    constexpr Index block = 64;
    parallel_blocks(m, block, [&](Index, Index from, Index to) {
      for (Index i = from; i < to; ++i) {
        std::vector<double> row;
        for (Index j = 0; j < n; ++j)
          if (!std::isnan(sample_.Y(i, j))) row.push_back(sample_.Y(i, j));
        medians(i, 0) = median(std::move(row));
      }
    });
    const Matrix ones = Matrix::Ones(n, 1);
    if (course_.stopped() || medians.isZero()) return strong;
    RankFit still = settle(medians, ones, table_scale(table_, medians, ones, seed_));
    return still.held_out <= strong.held_out ? still : strong;
  }

  StandingOut left_in(const RankFit& fit) const {
    return standing_out(clipped_residual(sample_.Y, fit.L, fit.R, fit.training), fit.rank(), seed_);
  }
  bool stopped() const { return course_.stopped(); }

 private:
  const RowSample& sample_;
  TableRows table_;
  std::uint64_t seed_;
  robust_pca::Course& course_;
};

RankFit without_factors(const RankFit& fit) { return {{}, Matrix(0, fit.rank()), fit.training, fit.held_out}; }

}  // namespace

void sweep(HuberSweeps& sweeps, const std::string& phase, Index least, Index most, robust_pca::Course& course) {
  constexpr double at_rest = 0.98;
  Index taken = 0;
  const Result result = course.drive(sweeps, phase, most, [&] { return ++taken >= least && sweeps.fall() > at_rest; });
  course.sweeps += result.iterations;
  if (result.status == Status::diverged) course.fail();
}

RankSearch search_rank(const RowSample& sample, Index most_rank, std::uint64_t seed, robust_pca::Course& course) {
  Search search(sample, seed, course);
  RankSearch found;
  found.chosen = search.nothing();
  found.next = std::numeric_limits<double>::quiet_NaN();
  found.tried.push_back(without_factors(found.chosen));
  const double floor = nothing_to_explain * found.chosen.held_out;
  // True where the fit tells enough to take its place.
  const auto consider = [&](RankFit fit) {
    found.tried.push_back(without_factors(fit));
    const bool better = fit.held_out < tells * found.chosen.held_out;
    if (better) found.chosen = std::move(fit);
    return better;
  };
  while (!search.stopped() && found.chosen.held_out > floor && found.chosen.rank() < most_rank) {
    RankFit next = found.chosen.rank() == 0 ? search.first(found.chosen) : search.with_more(found.chosen, 1);
    if (search.stopped()) break;
    const double before = found.chosen.held_out, after = next.held_out;
    if (consider(std::move(next))) continue;
    found.next = after / before;
    const StandingOut left = search.left_in(found.chosen);
    found.read_off = left.count == 0;
    if (!left.clear || found.chosen.rank() + left.count > most_rank || left.count < 2) break;
    if (!consider(search.with_more(found.chosen, left.count))) break;
    found.next = std::numeric_limits<double>::quiet_NaN();
  }
  if (found.chosen.held_out <= floor) found.read_off = true;
  return found;
}

}  // namespace gossan::rank_paths
