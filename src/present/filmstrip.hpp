#pragma once

#include "gossan/frames.hpp"
#include "gossan/report.hpp"
#include "gossan/rpca.hpp"

namespace gossan {

// Some frames, spread over all of them, each above its background, foreground and mask.
Filmstrip filmstrip(const Frames& frames, const Decomposed& found);

}  // namespace gossan
