// A reproduction: an experiment, and what a paper says comes out of it.
#pragma once

#include <string>
#include <vector>

#include "gossan/evidence.hpp"
#include "gossan/experiment.hpp"

namespace gossan {

// A number of the paper, and how far from it ours may be. `matches` is what was found when it was written down: a number that is
// known not to match is no surprise.
struct Expected {
  std::string series, point;  // names of the line and the place along it; empty where there is but one
  std::string quantity;       // as quantity() has it
  double paper = 0;
  double factor = 0;     // ours between paper / factor and paper * factor, or
  double tolerance = 0;  // within this of the paper's, where factor is 0
  bool matches = true;
  bool within(double ours) const;
};

struct Reproduction {
  std::string name;  // "ma-fattahi-2023/figure-1a"
  std::string title, about;
  std::string source;             // of the paper's numbers
  std::string chart = "courses";  // courses: error by step; points: a quantity along the line; map: a quantity by line and place
  std::string x_label, y_label;   // of the places; map: of the lines
  std::vector<std::string> y;     // points, map: quantities, a figure each
  Experiment experiment;
  std::vector<Expected> expected;
};

struct Compared {
  Expected expected;
  double ours = 0;
  bool matches = false;
  bool surprise() const { return matches != expected.matches; }
};

// The paper's numbers whose cell was run, beside ours; those of cells that a small version leaves out are not there.
std::vector<Compared> compare(const Reproduction& reproduction, const std::vector<Cell>& cells);

// The reproductions that the library holds.
std::vector<std::string> reproduction_names();
std::string reproduction_title(const std::string& name);

// By the name of one that the library holds, or the path of a .toml file with, perhaps, an expected.json beside it. `small`: with
// the fewer trials and places of its table [small]. Throws BadFile on a file that is not what it should be, and
// std::invalid_argument on a name that is not known.
Reproduction read_reproduction(const std::string& name_or_file, bool small);

// Trusted: every number comes out as is written down.
Evidence weigh(const std::vector<Compared>& compared);

}  // namespace gossan
