// How evidence is put together from checks.
#pragma once

#include <string>
#include <vector>

#include "gossan/evidence.hpp"
#include "gossan/run.hpp"

namespace gossan {

Check at_least(std::string name, double value, double bound, std::string meaning);
Check at_most(std::string name, double value, double bound, std::string meaning);
Check came_to_its_end(Status status);  // neither stopped nor diverged

bool all_passed(const std::vector<Check>& checks);

// trusted where all passed, else failed where the answer is `hopeless`, else doubtful.
Verdict verdict_of(const std::vector<Check>& checks, bool hopeless);
// What speaks against an answer that is not trusted: the checks that failed, by name. stopped: by a watcher, before its end.
// `nothing_found`: the sentence on a hopeless one.
std::string against(const std::vector<Check>& checks, Verdict verdict, bool stopped, const std::string& nothing_found);

}  // namespace gossan
