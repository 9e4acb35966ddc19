// Wrong on purpose: every block adds to one number.
#include <cstdio>

#include "gossan/linalg.hpp"

int main() {
  gossan::set_threads(4);
  double sum = 0;
  for (int round = 0; round < 100; ++round) {
    gossan::parallel_blocks(10000, 10,
                            [&](gossan::Index, gossan::Index first, gossan::Index) { sum += static_cast<double>(first); });
  }
  std::printf("%g\n", sum);
}
