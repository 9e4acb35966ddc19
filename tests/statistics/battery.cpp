// battery GENERATOR ORDER [reversed]: TestU01's SmallCrush (L'Ecuyer, Simard 2007) on random bits in the orders in which implicit
// ensembles use them. Exit code 1 where a p-value is within 1e-6 of 0 or 1: of the fifteen in a run, one in 30 000 runs at
// random.
//
// ORDER is `rows`: one measurement after another; `columns`: the same word of one measurement after another, then the next word;
// or `seeds`: the first block of one seed after another. GENERATOR `control` is multiples of a number and must fail. SmallCrush
// looks at the upper bits more than at the lower ones, so words are tested with their bits in reverse as well.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <functional>
#include <string>

#include "linalg/aligned.hpp"
#include "linalg/kernels/counter_bits.hpp"

extern "C" {
#include <testu01/bbattery.h>
#include <testu01/swrite.h>
#include <testu01/unif01.h>
}

namespace {

using namespace gossan;

constexpr Index side = 1024;  // measurements, or words of one, that are drawn at a time
constexpr std::uint64_t seed = 20'090'818;
constexpr std::uint32_t domain = 0x80000002;

struct Words {
  std::function<void(AlignedVector<std::uint32_t>& words)> refill;
  bool reversed = false;
  AlignedVector<std::uint32_t> words;
  std::size_t at = 0;

  std::uint32_t next() {
    if (at == words.size()) {
      refill(words);
      at = 0;
    }
    const std::uint32_t word = words[at++];
    return reversed ? reverse(word) : word;
  }
  static std::uint32_t reverse(std::uint32_t word) {
    std::uint32_t result = 0;
    for (int bit = 0; bit < 32; ++bit, word >>= 1) result = result << 1 | (word & 1);
    return result;
  }
};

std::function<void(AlignedVector<std::uint32_t>&)> refill_of(Generator generator, const std::string& order) {
  BitStream stream{generator, seed, domain};
  if (order == "rows")
    return [stream, row = std::uint64_t{0}](AlignedVector<std::uint32_t>& words) mutable {
      words.resize(4 * side);
      bit_rows(stream, row++, 1, side, reinterpret_cast<std::uint8_t*>(words.data()));
    };
  if (order == "columns")
    return [stream, row = std::uint64_t{0}](AlignedVector<std::uint32_t>& words) mutable {
      words.resize(4 * side);
      bit_columns(stream, row, side, 1, words.data());
      row += side;
    };
  if (order == "seeds")
    return [stream](AlignedVector<std::uint32_t>& words) mutable {
      words.resize(4);
      const BitBlock block = bit_block(stream, 0, 0);
      std::copy(block.begin(), block.end(), words.begin());
      ++stream.seed;
    };
  return nullptr;
}

std::function<void(AlignedVector<std::uint32_t>&)> control() {
  return [word = 0U](AlignedVector<std::uint32_t>& words) mutable { words.assign(1, word += 0x9E3779B9U); };
}

unsigned long next_bits(void*, void* state) { return static_cast<Words*>(state)->next(); }
double next_number(void*, void* state) { return static_cast<Words*>(state)->next() * 0x1p-32; }
void write_nothing(void*) {}

int run(Words& source, std::string name) {
  unif01_Gen gen = {&source, nullptr, name.data(), next_number, next_bits, write_nothing};
  swrite_Basic = FALSE;
  bbattery_SmallCrush(&gen);
  constexpr double least = 1e-6;
  int bad = 0;
  for (int k = 0; k < bbattery_NTests; ++k) {
    const double p = bbattery_pVal[k];
    std::printf("%-20s %.6f\n", bbattery_TestNames[k], p);
    bad += !(p >= least && p <= 1 - least);
  }
  return bad == 0 && bbattery_NTests == 15 ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  const std::string generator = argc > 1 ? argv[1] : "", order = argc > 2 ? argv[2] : "", how = argc > 3 ? argv[3] : "";
  const bool controls = generator == "control" && order == "rows";
  Words source{
      controls ? control() : refill_of(generator == "ars" ? Generator::ars : Generator::philox, order), how == "reversed", {}, 0};
  if ((!controls && generator != "ars" && generator != "philox") || !source.refill || (!how.empty() && how != "reversed")) {
    std::fputs("usage: battery philox|ars rows|columns|seeds [reversed], or battery control rows\n", stderr);
    return 2;
  }
  return run(source, generator + " " + order + " " + how);
}
