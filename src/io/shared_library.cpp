#include "io/shared_library.hpp"

#include <dlfcn.h>
#include <fmt/format.h>

#include <cctype>
#include <utility>

#include "gossan/io.hpp"

namespace gossan {
namespace {

// What dlopen or dlsym complain of. dlerror keeps a message a thread.
std::string complaint() {
  const char* text = ::dlerror();  // NOLINT(concurrency-mt-unsafe)
  return text != nullptr ? text : "no reason is given";
}

// What Debian calls the package of a library, from its name: libmatio11 for libmatio.so.11.
std::string package_of(const std::string& name) {
  const std::size_t end = name.find(".so.");
  if (end == std::string::npos) return name;
  const std::string stem = name.substr(0, end);
  const bool digit = !stem.empty() && std::isdigit(static_cast<unsigned char>(stem.back())) != 0;
  return stem + (digit ? "-" : "") + name.substr(end + 4);
}

}  // namespace

SharedLibrary::SharedLibrary(std::string name) : name_(std::move(name)), handle_(::dlopen(name_.c_str(), RTLD_NOW | RTLD_LOCAL)) {
  if (handle_ == nullptr)
    throw BadFile(
        fmt::format("{}, a library that files of this kind need, cannot be loaded: {} (on Debian it is in the package {})", name_,
                    complaint(), package_of(name_)));
}

void* SharedLibrary::symbol(const char* function) const {
  void* const found = ::dlsym(handle_, function);
  if (found == nullptr) throw BadFile(fmt::format("{} has no function {}: {}", name_, function, complaint()));
  return found;
}

}  // namespace gossan
