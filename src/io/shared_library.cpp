#include "io/shared_library.hpp"

#include <dlfcn.h>
#include <fmt/format.h>

#include <stdexcept>
#include <utility>

namespace gossan {
namespace {

// What dlopen or dlsym complain of. dlerror keeps a message a thread.
std::string complaint() {
  const char* text = ::dlerror();  // NOLINT(concurrency-mt-unsafe)
  return text != nullptr ? text : "no reason is given";
}

}  // namespace

SharedLibrary::SharedLibrary(std::string name) : name_(std::move(name)), handle_(::dlopen(name_.c_str(), RTLD_NOW | RTLD_LOCAL)) {
  if (handle_ == nullptr)
    throw std::runtime_error(fmt::format("a library that this file needs cannot be loaded: {}", complaint()));
}

void* SharedLibrary::symbol(const char* function) const {
  void* const found = ::dlsym(handle_, function);
  if (found == nullptr) throw std::runtime_error(fmt::format("{} has no function {}: {}", name_, function, complaint()));
  return found;
}

}  // namespace gossan
