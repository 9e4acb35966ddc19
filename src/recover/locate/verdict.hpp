#pragma once

#include "gossan/evidence.hpp"
#include "gossan/locate.hpp"
#include "recover/locate/solve.hpp"

namespace gossan::locating {

// The checks of a solved main part within the whole answer, and the verdict: `trusted` when all pass, `failed` when the map does
// not stand at all, `doubtful` otherwise.
Evidence judge(const Graph& graph, const Solved& solved, const Located& answer);

}  // namespace gossan::locating
