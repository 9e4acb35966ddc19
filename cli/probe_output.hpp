// What `gossan probe` says: as JSON, as lines, as a page.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "gossan/probe.hpp"
#include "gossan/report.hpp"
#include "summary.hpp"

namespace gossan::cli {

Json to_json(const Probe& found);  // the keys of a probe in summary.json
std::vector<std::pair<std::string, std::string>> probe_facts(const Probe& found, const Operator& A);
Report make_report(const Probe& found, const Operator& A);

}  // namespace gossan::cli
