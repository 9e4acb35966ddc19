#include "gossan/needs.hpp"

#include <stdexcept>

namespace gossan {
namespace {

struct Texts {
  const char *what, *why, *how;
};

Texts texts(Need need) {
  switch (need) {
    case Need::rank:
      return {"the rank", "no data tell it, and any other spoils its steps", "--rank R"};
    case Need::corruption:
      return {"the share of wrong measurements", "no data tell it",
              "--set init.keep=SHARE, the share of measurements that are right or less"};
    case Need::optimal_value:
      return {"the least value of the objective", "no data tell it (it is 0 only for clean data)",
              "--f-min VALUE or --set schedule.f_min=VALUE"};
    case Need::truth:
      return {"the true matrix", "only a simulation knows it", "--truth X.npy"};
  }
  return {};
}

}  // namespace

std::string to_string(Need need) { return texts(need).what; }

void refuse_without(Need need, std::string_view who) {
  const Texts text = texts(need);
  throw std::invalid_argument(std::string(who) + ": needs " + text.what + ": " + text.why + ". Give it with " + text.how +
                              ", or choose another part");
}

}  // namespace gossan
