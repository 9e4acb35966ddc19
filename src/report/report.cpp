#include "gossan/report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>

#include "report/assets.hpp"
#include "report/charts.hpp"
#include "report/heat_map.hpp"
#include "report/html.hpp"
#include "report/number.hpp"
#include "report/png.hpp"

namespace gossan {

namespace {

using Row = std::vector<std::string>;
using Pairs = std::vector<std::pair<std::string, std::string>>;

constexpr std::size_t long_fact = 22;      // bytes; longer facts take two tiles
constexpr std::size_t scrolled_rows = 14;  // longer tables scroll inside their own box

std::string icon(const std::string& name) {
  return fmt::format("<svg class=\"icon\" aria-hidden=\"true\"><use href=\"#icon-{}\"/></svg>", name);
}

std::string section(const std::string& id, const std::string& title, const std::string& body) {
  if (body.empty()) return "";
  return fmt::format("<section id=\"{0}\" aria-labelledby=\"{0}-title\">\n<h2 id=\"{0}-title\">{1}</h2>\n{2}</section>\n", id,
                     escape_html(title), body);
}

std::string finding_of(const std::string& finding, const std::string& message) {
  return fmt::format(
      "<section id=\"verdict\" class=\"verdict finding\" aria-label=\"Finding\">\n<p class=\"badge\"><span>{}</span></p>\n"
      "<div><p class=\"message\">{}</p></div>\n</section>\n",
      escape_html(finding), escape_html(message));
}

std::string verdict_of(const Evidence& evidence) {
  const auto word = to_string(evidence.verdict);
  const auto passed = std::count_if(evidence.checks.begin(), evidence.checks.end(), [](const Check& c) { return c.passed; });
  const auto score = evidence.checks.empty() ? std::string("No check could be made.")
                                             : fmt::format("{} of {} checks passed.", passed, evidence.checks.size());
  return fmt::format(
      "<section id=\"verdict\" class=\"verdict {0}\" aria-label=\"Verdict\">\n<p class=\"badge\">{1}<span>{0}</span></p>\n"
      "<div><p class=\"message\">{2}</p>\n<p class=\"score\">{3}</p></div>\n</section>\n",
      word, icon(word), escape_html(evidence.message), score);
}

// The roles stand because phones show each row as a block, which would take the table away from screen readers.
std::string check_row(const Check& check) {
  return fmt::format(
      "<tr role=\"row\" class=\"{0}\"><th role=\"rowheader\" scope=\"row\">{1}</th>"
      "<td role=\"cell\" class=\"number\" data-label=\"measured\">{2}</td>"
      "<td role=\"cell\" class=\"number\" data-label=\"compared with\">{3}</td>"
      "<td role=\"cell\" class=\"outcome\">{4}{5}</td><td role=\"cell\" class=\"meaning\">{6}</td></tr>\n",
      check.passed ? "passed" : "missed", escape_html(check.name), format_number(check.value),
      std::isnan(check.bound) ? "—" : format_number(check.bound), icon(check.passed ? "passed" : "missed"),
      check.passed ? "passed" : "not passed", escape_html(check.meaning));
}

std::string checks_of(const std::vector<Check>& checks) {
  if (checks.empty()) return "";
  std::string out =
      "<table role=\"table\" class=\"checks\">\n<thead role=\"rowgroup\"><tr role=\"row\">"
      "<th role=\"columnheader\" scope=\"col\">Check</th><th role=\"columnheader\" scope=\"col\" class=\"number\">Measured</th>"
      "<th role=\"columnheader\" scope=\"col\" class=\"number\">Compared with</th>"
      "<th role=\"columnheader\" scope=\"col\">Outcome</th><th role=\"columnheader\" scope=\"col\">What it "
      "says</th></tr></thead>\n"
      "<tbody role=\"rowgroup\">\n";
  for (const auto& check : checks) out += check_row(check);
  return out + "</tbody>\n</table>\n";
}

std::string facts_of(const Pairs& facts) {
  if (facts.empty()) return "";
  std::string out = "<dl class=\"facts\">\n";
  for (const auto& [name, value] : facts) {
    out += fmt::format("<div{}><dt>{}</dt><dd>{}</dd></div>\n", value.size() > long_fact ? " class=\"long\"" : "",
                       escape_html(name), escape_html(value));
  }
  return out + "</dl>\n";
}

std::string figures_of(const std::vector<Drawing>& drawings, const std::vector<HeatMap>& heat_maps) {
  std::string out;
  for (std::size_t k = 0; k < drawings.size(); ++k) out += figure_of(drawings[k], k);
  for (const HeatMap& map : heat_maps) out += heat_figure(map);
  return out.empty() ? out : "<div class=\"charts\">\n" + out + "</div>\n";
}

// Numbers are told by their first digit: "0.08 km" is one, "3 of 4" too; they stand right-aligned.
bool looks_numeric(const std::string& cell) {
  const auto first = cell.find_first_not_of("+-. \xE2\x88\x92");  // the last three bytes: a typographic minus
  return first != std::string::npos && std::isdigit(static_cast<unsigned char>(cell[first])) != 0;
}

std::vector<bool> numeric_columns(const std::vector<Row>& rows) {
  std::vector<bool> numeric(rows.front().size(), rows.size() > 1);
  for (std::size_t r = 1; r < rows.size(); ++r) {
    for (std::size_t c = 0; c < numeric.size(); ++c) {
      numeric[c] = numeric[c] && c < rows[r].size() && looks_numeric(rows[r][c]);
    }
  }
  return numeric;
}

std::string table_row(const Row& row, const std::vector<bool>& numeric, const char* tag) {
  std::string out = "<tr>";
  for (std::size_t c = 0; c < row.size(); ++c) {
    const bool number = c < numeric.size() && numeric[c];
    out += fmt::format("<{0}{1}>{2}</{0}>", tag, number ? " class=\"number\"" : "", escape_html(row[c]));
  }
  return out + "</tr>\n";
}

std::string table_of(const std::string& title, const std::vector<Row>& rows) {
  if (rows.empty()) return "";
  const auto numeric = numeric_columns(rows);
  std::string body;
  for (std::size_t r = 1; r < rows.size(); ++r) body += table_row(rows[r], numeric, "td");
  const bool is_long = rows.size() - 1 > scrolled_rows;
  const auto count = is_long ? fmt::format(" <span class=\"count\">{}</span>", grouped(std::ssize(rows) - 1)) : "";
  return fmt::format(
      "<div class=\"sheet\">\n<h3>{0}{1}</h3>\n<div class=\"scroll{2}\" tabindex=\"0\" role=\"region\" aria-label=\"{0}\">\n"
      "<table>\n<thead>{3}</thead>\n<tbody>\n{4}</tbody>\n</table>\n</div>\n</div>\n",
      escape_html(title), count, is_long ? " long" : "", table_row(rows.front(), numeric, "th"), body);
}

std::string tables_of(const Report& report) {
  std::string out;
  for (const auto& [title, rows] : report.tables) out += table_of(title, rows);
  return out.empty() ? out : "<div class=\"sheets\">\n" + out + "</div>\n";
}

std::string filmstrips_of(const std::vector<Filmstrip>& strips) {
  std::string out;
  for (const Filmstrip& strip : strips) out += filmstrip_of(strip);
  return out;
}

std::string choices_of(const Pairs& choices) {
  if (choices.empty()) return "";
  std::string rows;
  for (const auto& [name, value] : choices) {
    rows += fmt::format("<tr><th scope=\"row\">{}</th><td>{}</td></tr>\n", escape_html(name), escape_html(value));
  }
  return fmt::format(
      "<details id=\"choices\">\n<summary>Every option and choice <span class=\"count\">{}</span></summary>\n"
      "<div class=\"scroll\"><table class=\"choices\"><tbody>\n{}</tbody></table></div>\n</details>\n",
      choices.size(), rows);
}

}  // namespace

std::string render_html(const Report& report) {
  std::vector<Drawing> drawings;
  auto data = nlohmann::json::array();
  for (const auto& chart : report.charts) {
    drawings.push_back(drawing_of(chart));
    data.push_back(json_of(drawings.back()));
  }
  return fill_page(
      assets::text_of("page.html"),
      {{"title", escape_html(report.title)},
       {"subtitle", escape_html(report.subtitle)},
       {"verdict", report.finding.empty() ? verdict_of(report.evidence) : finding_of(report.finding, report.evidence.message)},
       {"checks", section("checks", "Why believe it, or not", checks_of(report.evidence.checks))},
       {"facts", section("facts", "What was found", facts_of(report.facts))},
       {"filmstrips", section("filmstrips", "How it looks", filmstrips_of(report.filmstrips))},
       {"charts", section("charts", "What the data show", figures_of(drawings, report.heat_maps))},
       {"tables", section("tables", "In detail", tables_of(report))},
       {"choices", choices_of(report.choices)},
       {"style", std::string(assets::text_of("page.css"))},
       {"data", script_json(data)},
       {"chart.js", std::string(assets::text_of("chart.min.js"))},
       {"page.js", std::string(assets::text_of("page.js"))}});
}

}  // namespace gossan
