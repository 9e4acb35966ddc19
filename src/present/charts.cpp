#include "present/charts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace gossan {
namespace {

std::string course(const Curve& curve) {
  return fmt::format("{}: the objective goes from {:.4g} to {:.4g} in {:.0f} steps. ", curve.name, curve.y.front(),
                     curve.y.back(), curve.x.back() - curve.x.front() + 1);
}

// Positive values of very different sizes, which a linear axis would not show.
bool spans_decades(const Chart& chart) {
  double least = std::numeric_limits<double>::infinity(), most = 0;
  for (const Curve& curve : chart.curves) {
    for (const double y : curve.y) {
      if (y < 0) return false;
      if (y > 0) least = std::min(least, y);
      most = std::max(most, y);
    }
  }
  return most > 100 * least;
}

}  // namespace

Chart convergence_chart(const History& history) {
  Chart chart;
  chart.title = "Convergence";
  chart.x_label = "step";
  chart.y_label = "objective";
  chart.log_y = std::all_of(history.begin(), history.end(), [](const HistoryRow& row) { return row.f > 0; });
  double before = 0;  // steps of the runs that came earlier
  Index last = 0;
  for (const HistoryRow& row : history) {
    const bool new_run = chart.curves.empty() || row.phase != chart.curves.back().name || row.k <= last;
    if (new_run) before += static_cast<double>(last);
    if (chart.curves.empty() || row.phase != chart.curves.back().name) chart.curves.push_back({.name = row.phase});
    last = row.k;
    chart.curves.back().x.push_back(before + static_cast<double>(row.k));
    chart.curves.back().y.push_back(row.f);
  }
  constexpr std::size_t most = 3;  // runs that the text goes through one by one
  for (std::size_t c = 0; c < chart.curves.size(); ++c) {
    const bool left_out = chart.curves.size() > most && c > 0 && c + 1 < chart.curves.size();
    if (!left_out) chart.text += course(chart.curves[c]);
    if (left_out && c == 1) chart.text += fmt::format("{} further runs. ", chart.curves.size() - 2);
  }
  if (history.empty()) chart.text = "No step was taken.";
  return chart;
}

Chart singular_value_chart(const Vector& values, Index rank) {
  Chart chart;
  chart.kind = Chart::Kind::bars;
  chart.title = "Singular values";
  chart.x_label = "number";
  chart.y_label = "singular value";
  chart.log_y = values.size() > 0 && values.minCoeff() > 0;
  Curve curve{.name = "singular value"};
  for (Index k = 0; k < values.size(); ++k) {
    curve.x.push_back(static_cast<double>(k + 1));
    curve.y.push_back(values(k));
  }
  chart.curves.push_back(std::move(curve));
  const bool inside = rank >= 1 && rank < values.size();
  if (rank >= 1) {
    chart.cuts = {static_cast<double>(rank) + 0.5};
    chart.cut_labels = {fmt::format("rank {}", rank)};
  }
  chart.text =
      fmt::format("{} singular values, the largest {:.4g}; rank {}.", values.size(), values.size() > 0 ? values(0) : 0.0, rank);
  if (inside)
    chart.text += fmt::format(" Number {} is {:.4g}, number {} is {:.4g}.", rank, values(rank - 1), rank + 1, values(rank));
  return chart;
}

Chart residual_chart(std::span<const double> standardised, const std::vector<bool>& flagged, double cut) {
  constexpr int bins = 60;
  const double reach = cut > 0 ? 2.5 * cut : 10.0;
  const double width = 2 * reach / bins;
  Curve kept{.name = "kept", .y = std::vector<double>(bins, 0)}, lies{.name = "flagged", .y = std::vector<double>(bins, 0)};
  for (int b = 0; b < bins; ++b) kept.x.push_back(-reach + (b + 0.5) * width);
  lies.x = kept.x;
  Index beyond = 0, without = 0;
  for (std::size_t e = 0; e < standardised.size(); ++e) {
    const double r = standardised[e];
    if (!std::isfinite(r)) {
      ++without;
    } else if (std::abs(r) >= reach) {
      ++beyond;
    } else {
      const auto bin = std::min(static_cast<std::size_t>((r + reach) / width), static_cast<std::size_t>(bins - 1));
      (flagged[e] ? lies : kept).y[bin] += 1;
    }
  }
  Chart chart;
  chart.kind = Chart::Kind::histogram;
  chart.title = "Residuals";
  chart.x_label = "residual, in units of the noise";
  chart.y_label = "measurements";
  chart.curves = {std::move(kept), std::move(lies)};
  if (cut > 0) {
    chart.cuts = {-cut, cut};
    chart.cut_labels = {"", "outlier cut"};
  }
  const auto count = static_cast<Index>(std::count(flagged.begin(), flagged.end(), true));
  chart.text = fmt::format(
      "{} of {} measurements are flagged: their residual is beyond {:.3g} times the noise. {} lie outside this chart.",
      grouped(count), grouped(static_cast<Index>(flagged.size())), cut, grouped(beyond));
  if (without > 0)
    chart.text += fmt::format(" {} have no residual, because a point of theirs is undetermined.", grouped(without));
  return chart;
}

std::vector<Chart> trajectory_charts(const History& history, const Trace& trace) {
  std::vector<Chart> charts;
  std::size_t column = 0;
  for (const Trace::Panel& panel : trace.panels) {
    Chart& chart = charts.emplace_back(Chart{.title = panel.title, .x_label = "step"});
    for (const std::string& name : panel.columns) {
      Curve& curve = chart.curves.emplace_back(Curve{.name = name});
      for (std::size_t n = 0; n < trace.rows.size(); ++n) {
        curve.x.push_back(static_cast<double>(history[n].k));
        curve.y.push_back(trace.rows[n][column]);
      }
      if (!curve.y.empty()) chart.text += fmt::format("{} goes from {:.4g} to {:.4g}. ", name, curve.y.front(), curve.y.back());
      ++column;
    }
    chart.y_label = panel.columns.size() == 1 ? panel.columns.front() : "value";
    chart.log_y = spans_decades(chart);
    if (trace.rows.empty()) chart.text = "No step was taken.";
  }
  return charts;
}

}  // namespace gossan
