// An operator that counts the passes over its data.
#pragma once

#include <memory>

#include "gossan/operators.hpp"

namespace gossan::sensing {

class Counted : public Operator, public RoughError {
 public:
  explicit Counted(const Operator& inner) : inner_(inner) {}
  Index rows() const override { return inner_.rows(); }
  Index cols() const override { return inner_.cols(); }
  Index measurements() const override { return inner_.measurements(); }
  void sweep(const Matrix& L, const Matrix& R, Judge judge, Matrix* GL, Matrix* GR) const override {
    ++sweeps_;
    inner_.sweep(L, R, judge, GL, GR);
  }
  std::span<const std::uint32_t> order() const override { return inner_.order(); }
  double rough_error() const override { return gossan::rough_error(inner_); }
  const Operator& uncounted() const { return inner_; }  // for who only watches
  Index sweeps() const { return sweeps_; }
  void count_from(Index sweeps) const { sweeps_ = sweeps; }

 protected:
  mutable Index sweeps_ = 0;

 private:
  const Operator& inner_;
};

// Keeps the talent of an operator that has it.
class CountedWhole final : public Counted, public WholeAdjoint {
 public:
  CountedWhole(const Operator& inner, const WholeAdjoint& whole) : Counted(inner), whole_(whole) {}
  void sweep_whole(const Matrix& L, const Matrix& R, Judge judge, Matrix& S) const override {
    ++sweeps_;
    whole_.sweep_whole(L, R, judge, S);
  }

 private:
  const WholeAdjoint& whole_;
};

inline std::unique_ptr<Counted> counted(const Operator& A) {
  const auto* whole = dynamic_cast<const WholeAdjoint*>(&A);
  if (whole != nullptr) return std::make_unique<CountedWhole>(A, *whole);
  return std::make_unique<Counted>(A);
}

}  // namespace gossan::sensing
