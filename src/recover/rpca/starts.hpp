// The portfolio's starts, each made once.
#pragma once

#include <array>
#include <map>
#include <optional>
#include <string>

#include "recover/rpca/course.hpp"
#include "recover/rpca/huber_svt.hpp"
#include "recover/rpca/table.hpp"

namespace gossan::robust_pca {

struct Start {
  TableFactors X;
  double scale = 0;  // of honest residuals
};

struct StartLimits {
  Index rank = 0;  // at most
  std::uint64_t seed = 0;
};

enum class Member { huber_2, pcp, huber_1, huber_half };
inline constexpr std::array portfolio = {Member::huber_2, Member::pcp, Member::huber_1, Member::huber_half};
std::string to_string(Member member);

class Starts {
 public:
  Starts(const ObservedTable& table, const StartLimits& limits, Course& course)
      : table_(table), limits_(limits), course_(course) {}

  // Nothing where the member finds the zero matrix, or is not for such tables.
  const std::optional<Start>& of(Member member);
  // The convex start as a noisy fit wants it: its rank at a smaller gap, and more sweeps.
  std::optional<Start> noisy_pcp();

 private:
  std::optional<Start> make(Member member);
  std::optional<Start> from_svt(const HuberSchedule& schedule, const std::string& phase);
  std::optional<Start> from_pcp(double gap, Index sweeps);
  std::optional<Start> sweep(TableFactors X, Index sweeps, const std::string& phase);

  const ObservedTable& table_;
  StartLimits limits_;
  Course& course_;
  std::map<Member, std::optional<Start>> made_;
  std::optional<TableFactors> pursued_;
};

}  // namespace gossan::robust_pca
