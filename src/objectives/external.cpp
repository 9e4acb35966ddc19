// An objective that comes from outside the library.
#include <fmt/format.h>

#include <set>
#include <stdexcept>
#include <utility>

#include "gossan/objectives.hpp"

namespace gossan {
namespace {

class External final : public Objective {
 public:
  External(Layout layout, std::function<double(const Params&, Params*, Index)> function)
      : layout_(std::move(layout)), function_(std::move(function)) {}

  Layout layout() const override { return layout_; }

  double evaluate(const Params& theta, Params* grad, Index k) override {
    const double f = function_(theta, grad, k);
    if (grad != nullptr && layout_of(*grad) != layout_)
      throw std::invalid_argument("external: the function has changed the names or shapes of the gradient's blocks");
    return f;
  }

 private:
  Layout layout_;
  std::function<double(const Params&, Params*, Index)> function_;
};

}  // namespace

std::unique_ptr<Objective> external(Layout layout, std::function<double(const Params&, Params*, Index)> function) {
  if (layout.empty()) throw std::invalid_argument("external: layout is empty, expected at least one block");
  if (!function) throw std::invalid_argument("external: function is empty, expected something to call");
  std::set<std::string> names;
  for (const Shape& block : layout) {
    if (block.rows < 1 || block.cols < 1)
      throw std::invalid_argument(
          fmt::format("external: block '{}' is {} x {}, expected at least 1 x 1", block.name, block.rows, block.cols));
    if (!names.insert(block.name).second)
      throw std::invalid_argument(fmt::format("external: two blocks are called '{}', expected a name each", block.name));
  }
  return std::make_unique<External>(std::move(layout), std::move(function));
}

}  // namespace gossan
