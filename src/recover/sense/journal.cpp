#include "recover/sense/journal.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "gossan/io.hpp"

namespace gossan::sensing {
namespace {

// Where a pass is written while it is made: blocks are judged at the same time, each writes its own part.
class Scribe {
 public:
  Scribe(Index measurements, const Judge& judge)
      : judge_(judge), z_(static_cast<std::size_t>(measurements)), starts_(z_.size(), not_a_start) {}

  void take(Index first, std::span<double> z) {
    write(first, z, exact_start);
    judge_.exact(first, z);
  }
  void take(Index first, std::span<float> z) {
    write(first, z, rough_start);
    (*judge_.rough)(first, z);
  }
  Journal::Pass pass() && {
    Journal::Pass pass;
    pass.z = std::move(z_);
    for (std::size_t e = 0; e < starts_.size(); ++e)
      if (starts_[e] != not_a_start) pass.first.push_back(static_cast<double>(e));
    pass.rough = !starts_.empty() && starts_[0] == rough_start;
    return pass;
  }

 private:
  static constexpr char not_a_start = 0, exact_start = 1, rough_start = 2;
  template <class Real>
  void write(Index first, std::span<Real> z, char start) {
    std::copy(z.begin(), z.end(), z_.begin() + first);
    starts_[static_cast<std::size_t>(first)] = start;
  }

  const Judge& judge_;
  std::vector<double> z_;
  std::vector<char> starts_;
};

void judge_again(const Journal::Pass& pass, const Judge& judge) {
  std::vector<float> single;
  std::vector<double> z;
  for (std::size_t b = 0; b < pass.first.size(); ++b) {
    const auto first = static_cast<std::ptrdiff_t>(pass.first[b]);
    const auto last = b + 1 < pass.first.size() ? static_cast<std::ptrdiff_t>(pass.first[b + 1]) : std::ssize(pass.z);
    const auto from = pass.z.begin() + first, to = pass.z.begin() + last;
    if (pass.rough) {
      single.assign(from, to);
      (*judge.rough)(first, single);
    } else {
      z.assign(from, to);
      judge.exact(first, z);
    }
  }
}

class Written : public Operator, public RoughError {
 public:
  Written(const Operator& inner, Journal& journal) : inner_(inner), journal_(journal) {}
  Index rows() const override { return inner_.rows(); }
  Index cols() const override { return inner_.cols(); }
  Index measurements() const override { return inner_.measurements(); }
  std::span<const std::uint32_t> order() const override { return inner_.order(); }
  double rough_error() const override { return gossan::rough_error(inner_); }

  void sweep(const Matrix& L, const Matrix& R, Judge judge, Matrix* GL, Matrix* GR) const override {
    if (GL != nullptr) GL->resize(L.rows(), L.cols());
    if (GR != nullptr) GR->resize(R.rows(), R.cols());
    pass(judge, {GL, GR}, [&](Judge written) { inner_.sweep(L, R, written, GL, GR); });
  }

 protected:
  template <class Make>
  void pass(const Judge& judge, std::initializer_list<Matrix*> sums, const Make& make) const {
    if (!journal_.open()) return make(judge);
    if (const Journal::Pass* told = journal_.next()) return tell(*told, judge, sums);
    Scribe scribe(measurements(), judge);
    const auto exact = [&](Index first, std::span<double> z) { scribe.take(first, z); };
    const auto rough = [&](Index first, std::span<float> z) { scribe.take(first, z); };
    make(judge.rough ? Judge(exact, rough) : Judge(exact));
    Journal::Pass pass = std::move(scribe).pass();
    for (const Matrix* sum : sums)
      if (sum != nullptr) pass.sums.insert(pass.sums.end(), sum->data(), sum->data() + sum->size());
    journal_.add(std::move(pass));
  }

 private:
  void tell(const Journal::Pass& pass, const Judge& judge, std::initializer_list<Matrix*> sums) const {
    Index size = 0;
    for (const Matrix* sum : sums) size += sum == nullptr ? 0 : sum->size();
    const bool fits = std::ssize(pass.z) == measurements() && std::ssize(pass.sums) == size && (!pass.rough || judge.rough);
    if (!fits) journal_.refuse("holds a pass that this run does not make");
    judge_again(pass, judge);
    const double* from = pass.sums.data();
    for (Matrix* sum : sums) {
      if (sum == nullptr) continue;
      std::copy(from, from + sum->size(), sum->data());
      from += sum->size();
    }
  }

  const Operator& inner_;
  Journal& journal_;
};

class WrittenWhole final : public Written, public WholeAdjoint {
 public:
  WrittenWhole(const Operator& inner, const WholeAdjoint& whole, Journal& journal) : Written(inner, journal), whole_(whole) {}
  void sweep_whole(const Matrix& L, const Matrix& R, Judge judge, Matrix& S) const override {
    S.resize(rows(), cols());
    pass(judge, {&S}, [&](Judge written) { whole_.sweep_whole(L, R, written, S); });
  }

 private:
  const WholeAdjoint& whole_;
};

// One row: rough, the number of blocks, their first measurements, the number of predictions, these, and the sums.
Matrix encoded_pass(const Journal::Pass& pass) {
  std::vector<double> all = {pass.rough ? 1.0 : 0.0, static_cast<double>(pass.first.size())};
  all.insert(all.end(), pass.first.begin(), pass.first.end());
  all.push_back(static_cast<double>(pass.z.size()));
  all.insert(all.end(), pass.z.begin(), pass.z.end());
  all.insert(all.end(), pass.sums.begin(), pass.sums.end());
  return Eigen::Map<const Matrix>(all.data(), 1, static_cast<Index>(all.size()));
}

class PassReader {
 public:
  PassReader(const Journal& journal, std::span<const double> values) : journal_(journal), left_(values) {}

  Journal::Pass pass() {
    Journal::Pass pass;
    pass.rough = take(1)[0] != 0;
    const auto first = take(count());
    const auto z = take(count());
    pass.first.assign(first.begin(), first.end());
    pass.z.assign(z.begin(), z.end());
    pass.sums.assign(left_.begin(), left_.end());
    // Blocks begin at 0 and go on to whole numbers within the predictions.
    for (std::size_t b = 0; b < pass.first.size(); ++b) {
      const double at = pass.first[b], least = b == 0 ? 0 : pass.first[b - 1] + 1;
      const bool in_order = b == 0 ? at == 0 : at >= least;
      if (!in_order || at != std::floor(at) || at >= static_cast<double>(pass.z.size()))
        journal_.refuse("has blocks out of order");
    }
    if (pass.first.empty() != pass.z.empty()) journal_.refuse("has predictions of no block");
    return pass;
  }

 private:
  std::span<const double> take(std::size_t n) {
    if (n > left_.size()) journal_.refuse("has a pass that is cut off");
    const auto taken = left_.first(n);
    left_ = left_.subspan(n);
    return taken;
  }
  std::size_t count() {
    const double n = take(1)[0];
    if (!(n >= 0 && n <= static_cast<double>(left_.size()) && n == std::floor(n))) journal_.refuse("has a pass that is cut off");
    return static_cast<std::size_t>(n);
  }

  const Journal& journal_;
  std::span<const double> left_;
};

}  // namespace

Journal::Journal(const Checkpointing& settings, Settings problem) : file_(settings, std::move(problem)) {
  if (!file_.asked_for()) return;
  if (const auto saved = file_.open(state())) read(*saved);
}

std::unique_ptr<Operator> Journal::reading(const Operator& A) {
  const auto* whole = dynamic_cast<const WholeAdjoint*>(&A);
  if (whole != nullptr) return std::make_unique<WrittenWhole>(A, *whole, *this);
  return std::make_unique<Written>(A, *this);
}

const Journal::Pass* Journal::next() {
  if (told_ == passes_.size()) return nullptr;
  return &passes_[told_++];
}

void Journal::add(Pass pass) {
  passes_.push_back(std::move(pass));
  ++told_;
  if (file_.due()) file_.save(state());
}

void Journal::close() {
  if (open()) file_.save(state());
  closed_ = true;
}

void Journal::refuse(const std::string& problem) const {
  bad_file(file_.name(), "state", problem + "; the file was changed by hand");
}

Params Journal::state() const {
  Params blocks;
  for (const Pass& pass : passes_) blocks.push_back({"pass", encoded_pass(pass)});
  return blocks;
}

void Journal::read(const Params& state) {
  for (const Block& block : state) {
    if (block.name != "pass" || block.value.rows() != 1) refuse("has something else than passes");
    PassReader reader(*this, {block.value.data(), static_cast<std::size_t>(block.value.size())});
    passes_.push_back(reader.pass());
  }
}

}  // namespace gossan::sensing
