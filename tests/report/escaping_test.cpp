#include <gtest/gtest.h>

#include <limits>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>

#include "report/html.hpp"

namespace gossan {
namespace {

TEST(EscapeHtml, LeavesNoCharacterThatEndsTextOrAnAttribute) {
  EXPECT_EQ(escape_html("a<b>&\"c\"'"), "a&lt;b&gt;&amp;&quot;c&quot;&#39;");
  EXPECT_EQ(escape_html("Zürich 東京"), "Zürich 東京");
  EXPECT_EQ(escape_html(""), "");
}

TEST(EscapeHtml, ReplacesWhatIsNoText) {
  EXPECT_EQ(escape_html("a\xff"), "a\uFFFD");
  EXPECT_EQ(escape_html(std::string("a\0b", 3)), "a\uFFFDb");
  EXPECT_EQ(escape_html("a\tb\n"), "a\tb\n");
  EXPECT_EQ(escape_html("\x7f\x1b[31m"), "\uFFFD\uFFFD[31m");
}

TEST(ScriptJson, CannotEndItsScriptAndReadsBackTheSame) {
  const std::string hostile = "</script><!--<script>&\u2028\u2029\"\\ é";
  const auto text = script_json({{"name", hostile}});
  EXPECT_EQ(text.find_first_of("<>&"), std::string::npos);
  for (const char c : text) EXPECT_LT(static_cast<unsigned char>(c), 0x80);
  EXPECT_EQ(nlohmann::json::parse(text)["name"], hostile);
}

TEST(ScriptJson, MakesNullOfWhatJsonCannotHold) {
  using limits = std::numeric_limits<double>;
  EXPECT_EQ(script_json({limits::quiet_NaN(), limits::infinity(), -limits::infinity(), 1.5}), "[null,null,null,1.5]");
  EXPECT_EQ(script_json("a\xff"), "\"a\\ufffd\"");
}

TEST(FillPage, PutsPartsInOnce) {
  EXPECT_EQ(fill_page("<{{a}}|{{b}}|{{a}}>", {{"a", "{{b}}"}, {"b", "2"}}), "<{{b}}|2|{{b}}>");
  EXPECT_EQ(fill_page("nothing", {}), "nothing");
  EXPECT_THROW(fill_page("{{a}}", {}), std::logic_error);
  EXPECT_THROW(fill_page("{{a", {{"a", ""}}), std::logic_error);
}

}  // namespace
}  // namespace gossan
