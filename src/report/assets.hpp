// The files that the build embeds, whole.
#pragma once

#include <string_view>

namespace gossan::assets {

std::string_view page_html();
std::string_view page_css();
std::string_view page_js();
std::string_view chart_min_js();

}  // namespace gossan::assets
