#pragma once

#include <atomic>

namespace gossan::cli {

// Set once SIGINT or SIGTERM has come; a second one ends the program at once. The first call installs the handlers.
const std::atomic<bool>& interrupt_flag();

}  // namespace gossan::cli
