// The passes of a recovery over its data, written down. All else that the tuning-free recovery does is a function of what its
// passes tell: one that is given them again comes to the same bits, whatever it was doing when it was cut off, and reads no data
// until it has caught up.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "gossan/operators.hpp"
#include "recover/shared/checkpoint_file.hpp"

namespace gossan::sensing {

class Journal {
 public:
  // As CheckpointFile: without a file it writes nothing.
  Journal(const Checkpointing& settings, Settings problem);

  // A, with its passes written down, or told from what is written. It must not outlive A and the journal, nor make two passes at
  // the same time. Where no checkpoint is asked for it is as fast as A, but for a virtual call.
  std::unique_ptr<Operator> reading(const Operator& A);
  // From here on nothing is written down: the run is being stopped, and what it still asks is not what it would have asked.
  void close();
  const std::string& trouble() const { return file_.trouble(); }

  // One pass: the first measurement of every block, the predictions in double (of single ones exactly), and the gradients.
  struct Pass {
    bool rough = false;  // the judge was handed single precision
    std::vector<double> first, z;
    std::vector<double> sums;  // GL, GR or S, one after the other
  };
  bool open() const { return file_.asked_for() && !closed_; }
  const Pass* next();  // while open: to be told again, or null
  void add(Pass pass);
  // Throws BadFile: the file does not hold what it should.
  [[noreturn]] void refuse(const std::string& problem) const;

 private:
  Params state() const;
  void read(const Params& state);

  CheckpointFile file_;
  std::vector<Pass> passes_;
  std::size_t told_ = 0;
  bool closed_ = false;
};

}  // namespace gossan::sensing
