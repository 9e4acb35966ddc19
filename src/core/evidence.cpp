#include "gossan/evidence.hpp"

namespace gossan {

std::string to_string(Verdict verdict) {
  switch (verdict) {
    case Verdict::trusted:
      return "trusted";
    case Verdict::doubtful:
      return "doubtful";
    case Verdict::failed:
      break;
  }
  return "failed";
}

}  // namespace gossan
