// What a reproduction shows: the figure, and the paper's numbers beside ours.
#pragma once

#include <string>
#include <vector>

#include "gossan/report.hpp"
#include "json.hpp"
#include "reproduction.hpp"

namespace gossan::cli {

struct Compared {
  Expected expected;
  double ours = 0;
  bool matches = false;
  bool surprise() const { return matches != expected.matches; }
};

// Numbers whose cell was run; those of cells that a small version leaves out are not there.
std::vector<Compared> compare(const Reproduction& reproduction, const std::vector<Cell>& cells);

Evidence weigh(const std::vector<Compared>& compared);
Report make_report(const Reproduction& reproduction, const std::vector<Cell>& cells, const std::vector<Compared>& compared);
Json to_json(const Compared& compared);

std::string cells_csv(const Reproduction& reproduction, const std::vector<Cell>& cells);    // a line a trial
std::string courses_csv(const Reproduction& reproduction, const std::vector<Cell>& cells);  // median error and loss by step

}  // namespace gossan::cli
