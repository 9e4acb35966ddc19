#include <algorithm>
#include <numeric>
#include <utility>

#include "gossan/inputs.hpp"
#include "inputs/cells.hpp"

namespace gossan {
namespace {

constexpr Index most_counted_id = Index{1} << 62;  // above it no number is given, so none can meet a larger one

}  // namespace

IdTable IdTable::numbered(Index count) {
  IdTable table;
  table.integers_ = true;
  for (Index k = 0; k < count; ++k) table.names_.push_back(std::to_string(k));
  table.index();
  return table;
}

IdTable IdTable::of(std::vector<std::string> names) {
  IdTable table;
  table.names_ = std::move(names);
  table.integers_ = std::all_of(table.names_.begin(), table.names_.end(), [](const std::string& name) {
    const auto value = as_integer(name);
    return !value || std::to_string(*value) == name;
  });
  table.index();
  return table;
}

bool IdTable::all_integers() const {
  return std::all_of(names_.begin(), names_.end(), [](const std::string& name) { return as_integer(name).has_value(); });
}

Index IdTable::add(std::string_view id) {
  const auto [at, is_new] = number_.emplace(std::string(inputs::trimmed(id)), count());
  if (is_new) names_.push_back(at->first);
  return at->second;
}

std::vector<Index> IdTable::sort() {
  integers_ = all_integers();
  std::vector<Index> value(names_.size(), 0), order(names_.size());
  if (integers_) std::transform(names_.begin(), names_.end(), value.begin(), [](const auto& name) { return *as_integer(name); });
  std::iota(order.begin(), order.end(), Index{0});
  const auto at = [](auto& list, Index k) -> auto& { return list[static_cast<std::size_t>(k)]; };
  std::stable_sort(order.begin(), order.end(),
                   [&](Index a, Index b) { return integers_ ? at(value, a) < at(value, b) : at(names_, a) < at(names_, b); });
  std::vector<Index> renumbered(names_.size());
  std::vector<std::string> sorted;
  for (std::size_t k = 0; k < order.size(); ++k) {
    const bool same = integers_ && k > 0 && at(value, order[k]) == at(value, order[k - 1]);
    if (!same) sorted.push_back(integers_ ? std::to_string(at(value, order[k])) : at(names_, order[k]));
    at(renumbered, order[k]) = static_cast<Index>(sorted.size()) - 1;
  }
  names_ = std::move(sorted);
  index();
  return renumbered;
}

void IdTable::index() {
  number_.clear();
  for (Index k = 0; k < count(); ++k) number_.emplace(names_[static_cast<std::size_t>(k)], k);
}

std::string IdTable::key(std::string_view id) const {
  const std::string_view name = inputs::trimmed(id);
  if (integers_) {
    if (const auto value = as_integer(name)) return std::to_string(*value);
  }
  return std::string(name);
}

Index IdTable::find_or_add(std::string_view id) {
  const auto [at, is_new] = number_.emplace(key(id), count());
  if (is_new) names_.push_back(at->first);
  return at->second;
}

Index IdTable::next_number() const {
  Index next = 0;
  for (const std::string& name : names_) {
    const Index value = as_integer(name).value_or(-1);
    if (value < most_counted_id) next = std::max(next, value + 1);
  }
  return next;
}

Index IdTable::find(std::string_view id) const {
  const auto at = number_.find(key(id));
  return at == number_.end() ? -1 : at->second;
}

}  // namespace gossan
