// A library that is loaded when it is first needed: a program that does not read such files does not wait for it.
#pragma once

#include <string>

namespace gossan {

class SharedLibrary {
 public:
  // A name such as libmatio.so.11; it stays loaded. Throws BadFile where this machine has none, and says which package has.
  explicit SharedLibrary(std::string name);

  // The function of this name and type. Throws BadFile where the library has none.
  template <class Function>
  Function* get(const char* function) const {
    return reinterpret_cast<Function*>(symbol(function));
  }

 private:
  void* symbol(const char* function) const;

  std::string name_;
  void* handle_;
};

}  // namespace gossan
