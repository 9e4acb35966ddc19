// What the program answers its caller with.
#pragma once

namespace gossan::cli {

enum ExitCode : int {
  recovered = 0,
  our_fault = 1,
  wrong_usage = 2,
  bad_input = 3,
  doubtful = 4,  // finished, but the answer is not to be trusted
  interrupted = 130,
};

}  // namespace gossan::cli
