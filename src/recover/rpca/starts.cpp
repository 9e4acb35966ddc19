#include "recover/rpca/starts.hpp"

#include <algorithm>

#include "recover/rpca/core_lad.hpp"
#include "recover/rpca/irls_als.hpp"
#include "recover/rpca/orthogonal.hpp"
#include "recover/rpca/pcp.hpp"

namespace gossan::robust_pca {
namespace {

constexpr double dense_enough = 0.4;        // share of entries that the convex start needs
constexpr Index longest_short_side = 1200;  // of a table that it is tried on unasked: its steps cost the cube of it
constexpr Index pcp_steps = 60, sweeps_after_svt = 120, sweeps_after_pcp = 30, noisy_sweeps_after_pcp = 60;
constexpr double pcp_gap = 3, noisy_pcp_gap = 1.5;

}  // namespace

std::string to_string(Member member) {
  switch (member) {
    case Member::huber_2:
      return "huber-2";
    case Member::pcp:
      return "pcp";
    case Member::huber_1:
      return "huber-1";
    case Member::huber_half:
      break;
  }
  return "huber-0.5";
}

const std::optional<Start>& Starts::of(Member member) {
  const auto found = made_.find(member);
  if (found != made_.end()) return found->second;
  return made_[member] = make(member);
}

std::optional<Start> Starts::make(Member member) {
  switch (member) {
    case Member::huber_2:
      return from_svt({2, 0.85, 100}, "huber-2");
    case Member::pcp:
      return from_pcp(pcp_gap, sweeps_after_pcp);
    case Member::huber_1:
      return from_svt({1, 0.9, 100}, "huber-1");
    case Member::huber_half:
      break;
  }
  return from_svt({0.5, 0.93, 150}, "huber-0.5");
}

std::optional<Start> Starts::noisy_pcp() { return from_pcp(noisy_pcp_gap, noisy_sweeps_after_pcp); }

std::optional<Start> Starts::sweep(TableFactors X, Index sweeps, const std::string& phase) {
  IrlsAls refine(table_, std::move(X));
  course_.sweeps += 2 * course_.drive(refine, phase, sweeps, [&] { return refine.done(); }).iterations;
  return Start{refine.found(), refine.scale()};
}

std::optional<Start> Starts::from_svt(const HuberSchedule& schedule, const std::string& phase) {
  HuberSvt svt(table_, schedule, limits_.rank, limits_.seed);
  course_.sweeps += 2 * course_.drive(svt, phase, schedule.steps, [&] { return svt.done(); }).iterations;
  if (svt.found().rank() == 0) return std::nullopt;
  if (course_.stopped()) return Start{svt.found(), 0};
  return sweep(svt.found(), sweeps_after_svt, phase + " refined");
}

std::optional<Start> Starts::from_pcp(double gap, Index sweeps) {
  const Index side = std::min(table_.rows(), table_.cols());
  if (table_.share() < dense_enough || side > longest_short_side) return std::nullopt;
  if (!pursued_) {
    Pcp pcp(table_);
    course_.sweeps += 2 * course_.drive(pcp, "pcp", pcp_steps, [&] { return pcp.done(); }).iterations;
    pursued_ = pcp.found();
  }
  const Svd svd = singular(*pursued_);
  const Index most = std::clamp<Index>(side / 4, 1, limits_.rank);
  const Index rank = rank_at_gap(svd.s, most, gap);
  if (rank == 0 || !(svd.s(0) > 0)) return std::nullopt;
  if (course_.stopped()) return Start{balanced(svd, rank), 0};
  return sweep(balanced(svd, rank), sweeps, "pcp refined");
}

}  // namespace gossan::robust_pca
