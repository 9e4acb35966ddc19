// Draws the charts of the page from the JSON in #data. Every colour comes from page.css, so light, dark and print need no more
// than a second drawing.
'use strict';
(() => {
const charts = JSON.parse(document.getElementById('data').textContent);
const root = document.documentElement;
const colour = (name) => getComputedStyle(root).getPropertyValue('--' + name).trim();
const series = (k) => colour('series-' + k % 6);
const number = new Intl.NumberFormat('en', {maximumSignificantDigits: 4});
const narrow = (chart) => chart.width < 480;

function text(value) {
  const size = Math.abs(value);
  if (size === 0 || (size >= 1e-3 && size < 1e6)) return number.format(value).replace('-', '\u2212');
  const [mantissa, exponent] = value.toExponential(3).split('e');
  const digits = [...String(Number(exponent))].map((c) => c === '-' ? '\u207b' : '\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079'[c]);
  const front = Number(mantissa) === 1 ? '' : number.format(mantissa).replace('-', '\u2212') + '\u00d7';
  return front + '10' + digits.join('');
}

const degrees = (value, positive, negative) => number.format(Math.abs(value)) + '\u00b0' + (value > 0 ? positive : value < 0 ? negative : '');

// --- plugins -------------------------------------------------------------------------------------------------------------------

function halo(ctx, label, x, y, ink) {
  ctx.lineJoin = 'round';
  ctx.lineWidth = 3.5;
  ctx.strokeStyle = colour('card');
  ctx.strokeText(label, x, y);
  ctx.fillStyle = ink;
  ctx.fillText(label, x, y);
}

const font = (chart, weight) => `${weight} ${narrow(chart) ? 11 : 12}px ${Chart.defaults.font.family}`;

const overlap = (a, b) => Math.max(0, Math.min(a.right, b.right) - Math.max(a.left, b.left)) *
    Math.max(0, Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top));

const boxAt = (left, middle, width, height) => ({left, right: left + width, top: middle - height / 2, bottom: middle + height / 2});

function shortened(ctx, label, room) {
  if (ctx.measureText(label).width <= room) return label;
  const letters = [...label];
  while (letters.length > 1 && ctx.measureText(letters.join('') + '\u2026').width > room) letters.pop();
  return letters.join('') + '\u2026';
}

// Dashed vertical lines. A label stands beside its line: the first of several to its left, the others to their right, the other
// way round where there is no room, lower where another label is.
const cutLines = {
  id: 'cutLines',
  afterDatasetsDraw(chart, args, options) {
    const {ctx, chartArea: area, scales: {x}} = chart;
    const taken = [];
    ctx.save();
    ctx.font = font(chart, 600);
    ctx.textBaseline = 'middle';
    for (const cut of options.cuts || []) {
      const at = x.getPixelForValue(cut.x);
      if (!(at >= area.left && at <= area.right)) continue;
      ctx.beginPath();
      ctx.setLineDash([5, 4]);
      ctx.lineWidth = 1.5;
      ctx.strokeStyle = colour('ink');
      ctx.moveTo(at, area.top);
      ctx.lineTo(at, area.bottom);
      ctx.stroke();
      ctx.setLineDash([]);
      const label = shortened(ctx, cut.label, Math.max(at - area.left, area.right - at) - 12);
      const width = ctx.measureText(label).width;
      const fits = {left: at - 7 - width >= area.left, right: at + 7 + width <= area.right};
      const outwards = options.cuts.length > 1 && cut.x === Math.min(...options.cuts.map((other) => other.x)) ? 'left' : 'right';
      const left = (fits[outwards] ? outwards : fits.left ? 'left' : 'right') === 'left' ? at - 7 - width : at + 7;
      let box = boxAt(left, area.top + 10, width, 16);
      while (taken.some((other) => overlap(box, other) > 0)) box = boxAt(left, box.bottom + 10, width, 16);
      taken.push(box);
      halo(ctx, label, left, (box.top + box.bottom) / 2, colour('ink'));
    }
    ctx.restore();
  },
};

// Where a label of this size may stand around a point: beside it first, farther off last.
function* places(x, y, width, height) {
  for (const off of [9, 20, 34]) {
    yield boxAt(x + off, y, width, height);
    yield boxAt(x - off - width, y, width, height);
    yield boxAt(x - width / 2, y - off - height / 2, width, height);
    yield boxAt(x - width / 2, y + off + height / 2, width, height);
    for (const up of [-1, 1]) {
      yield boxAt(x + off * 0.8, y + up * off, width, height);
      yield boxAt(x - off * 0.8 - width, y + up * off, width, height);
    }
  }
}

// The names of the marks: in the order given, each at the first place inside the chart that hides neither a name nor a mark. One
// without such a place keeps its ring alone; the tooltip has its name.
const markLabels = {
  id: 'markLabels',
  afterDatasetsDraw(chart, args, options) {
    const {ctx, chartArea: area, scales: {x, y}} = chart;
    const marks = (options.marks || []).map((mark) => ({label: mark.label, x: x.getPixelForValue(mark.x), y: y.getPixelForValue(mark.y)}));
    const taken = marks.map((mark) => boxAt(mark.x - 5, mark.y, 10, 10));
    ctx.save();
    ctx.font = font(chart, 650);
    ctx.textBaseline = 'middle';
    for (const mark of marks) {
      const label = shortened(ctx, mark.label, area.right - area.left - 40);
      const width = ctx.measureText(label).width;
      for (const box of places(mark.x, mark.y, width, 15)) {
        const inside = box.left >= area.left + 2 && box.right <= area.right - 2 && box.top >= area.top + 1 && box.bottom <= area.bottom - 1;
        if (!inside || taken.some((other) => overlap(box, other) > 0)) continue;
        taken.push(box);
        leader(ctx, mark, box);
        halo(ctx, label, box.left, (box.top + box.bottom) / 2, colour('mark'));
        break;
      }
    }
    ctx.restore();
  },
};

function leader(ctx, mark, box) {
  const x = Math.min(Math.max(mark.x, box.left), box.right);
  const y = Math.min(Math.max(mark.y, box.top), box.bottom);
  if (Math.hypot(x - mark.x, y - mark.y) < 14) return;
  ctx.beginPath();
  ctx.lineWidth = 1;
  ctx.strokeStyle = colour('mark');
  ctx.moveTo(mark.x, mark.y);
  ctx.lineTo(x, y);
  ctx.stroke();
}

// A line from each true position to its recovered one, where they lie visibly apart.
const joins = {
  id: 'joins',
  beforeDatasetsDraw(chart, args, options) {
    const [from, to] = options.pair || [];
    if (!from) return;
    const {ctx, chartArea: area, scales: {x, y}} = chart;
    ctx.save();
    ctx.beginPath();
    ctx.rect(area.left, area.top, area.right - area.left, area.bottom - area.top);
    ctx.clip();
    ctx.beginPath();
    ctx.lineWidth = 1;
    ctx.strokeStyle = colour('mark');
    for (let k = 0; k < from.x.length; ++k) {
      if (from.x[k] === null || to.x[k] === null || (options.map && Math.abs(from.x[k] - to.x[k]) > 180)) continue;
      ctx.moveTo(x.getPixelForValue(from.x[k]), y.getPixelForValue(from.y[k]));
      ctx.lineTo(x.getPixelForValue(to.x[k]), y.getPixelForValue(to.y[k]));
    }
    ctx.stroke();
    ctx.restore();
  },
};

// One unit is as long upwards as sideways: the axis with the shorter units is widened about its middle.
const equalUnits = {
  id: 'equalUnits',
  afterLayout(chart) {
    const {x, y} = chart.scales;
    const perX = (x.max - x.min) / x.width;
    const perY = (y.max - y.min) / y.height;
    const [axis, span] = perX < perY ? [x, perY * x.width] : [y, perX * y.height];
    const middle = (axis.min + axis.max) / 2;
    axis.min = middle - span / 2;
    axis.max = middle + span / 2;
    axis.configure();
  },
};

// --- axes ----------------------------------------------------------------------------------------------------------------------

const finite = (values) => values.filter((value) => value !== null);

function extent(lists) {
  let low = Infinity, high = -Infinity;
  for (const list of lists) {
    for (const value of finite(list)) {
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
  }
  return [low, high];
}

const clipped = (label, letters) => [...label].length > letters ? [...label].slice(0, letters - 1).join('') + '\u2026' : label;

function axis(label, more) {
  return {
    type: 'linear',
    title: {display: label !== '', text: clipped(label, 60), color: colour('soft'), font: {size: 12}, padding: {top: 6, bottom: 2}},
    grid: {color: colour('grid'), borderColor: colour('rule'), tickLength: 5},
    ticks: {color: colour('soft'), callback: text, maxRotation: 0, autoSkipPadding: 18, includeBounds: false},
    ...more,
  };
}

// Powers of ten carry a name; a range within one decade has none, and then every tick does.
function logarithmic(chart) {
  const [least, high] = extent(chart.curves.map((curve) => curve.y));
  // The smallest bar needs a height as well; what double precision cannot tell from zero needs none.
  const low = isBars(chart) ? Math.max(least, high * 1e-17) / 2 : least;
  const decades = Math.floor(Math.log10(high)) - Math.ceil(Math.log10(low));
  const out = axis(chart.y_label, {type: 'logarithmic'});
  if (isBars(chart)) out.min = 10 ** Math.floor(Math.log10(low));
  const every = Math.max(1, Math.ceil(decades / 8));
  out.ticks.callback = (value) => {
    const power = Math.log10(value);
    const whole = Math.abs(power - Math.round(power)) < 1e-9;
    return decades < 1 ? text(value) : whole && Math.round(power) % every === 0 ? text(value) : null;
  };
  out.ticks.autoSkipPadding = 4;
  out.grid.color = (context) => context.tick && context.tick.label === null ? 'transparent' : colour('grid');
  return out;
}

const valueAxis = (chart) => chart.log_y ? logarithmic(chart) : axis(chart.y_label, {grace: isBars(chart) ? 0 : '4%', beginAtZero: isBars(chart)});

// --- the kinds of chart --------------------------------------------------------------------------------------------------------

const isBars = (chart) => chart.kind === 'bars' || chart.kind === 'histogram';

const pairs = (curve) => curve.x.map((x, k) => ({x: x === null ? NaN : x, y: x === null ? NaN : curve.y[k]}));

function lines(chart) {
  const [low, high] = extent(chart.curves.map((curve) => curve.x));
  const across = low < high ? {min: low, max: high} : {};
  return {
    type: 'line',
    data: {datasets: chart.curves.map((curve, k) => ({
      label: curve.name, data: pairs(curve), borderColor: series(k), backgroundColor: series(k), borderWidth: 2, tension: 0,
      pointRadius: finite(curve.x).length < 40 ? 2.5 : 0, pointHitRadius: 8, borderJoinStyle: 'round',
    })).concat(markedPoints(chart))},
    scales: {x: axis(chart.x_label, across), y: valueAxis(chart)},
    interaction: {mode: 'nearest', axis: 'x', intersect: false},
  };
}

// The smallest distance between neighbouring bars: their width on the axis.
function barWidth(chart) {
  const at = [...new Set(chart.curves.flatMap((curve) => finite(curve.x)))].sort((a, b) => a - b);
  return at.slice(1).reduce((width, x, k) => Math.min(width, x - at[k]), at.length > 1 ? Infinity : 1);
}

const translucent = (hex) => hex + 'a6';  // the palette is all #rrggbb

// What lies outside the cuts (behind the rank, beyond the outlier cut) is drawn in another colour.
function beyondCuts(chart, x) {
  const at = chart.cuts.map((cut) => cut.x);
  if (at.length === 0) return false;
  return x > Math.max(...at) || (at.length > 1 && x < Math.min(...at));
}

// Nothing is drawn for nothing, and at least a hairline for anything else.
const tall = (curve) => pairs(curve).filter(({y}) => y !== 0);

const barName = (chart, value) => chart.categories.length ? clipped(chart.categories[value] ?? '', 20) : text(value);

function bars(chart) {
  const width = barWidth(chart);
  const [low, high] = extent(chart.curves.map((curve) => curve.x));
  const share = (pixels) => pixels < 4 ? 1 : chart.kind === 'histogram' ? 0.96 : 0.8;  // hairlines between thin bars flicker
  const beyond = colour(chart.kind === 'histogram' ? 'lie' : 'beyond');
  const several = chart.curves.length > 1;
  const across = axis(chart.x_label, {min: low - width / 2, max: high + width / 2, offset: false});
  across.grid.display = false;
  if (chart.kind === 'bars') {
    across.ticks.precision = 0;
    across.ticks.callback = (value) => Number.isInteger(value) ? barName(chart, value) : null;
  }
  return {
    type: 'bar',
    data: {datasets: chart.curves.map((curve, k) => ({
      label: curve.name, data: tall(curve), grouped: false, minBarLength: 1,
      backgroundColor: several ? translucent(series(k)) : tall(curve).map(({x}) => beyondCuts(chart, x) ? beyond : series(0)),
      barThickness: (context) => {
        const scale = context.chart.scales.x;
        const pixels = scale ? scale.getPixelForValue(width) - scale.getPixelForValue(0) : 1;
        return Math.max(1, Math.min(72, share(pixels) * pixels));
      },
    }))},
    scales: {x: across, y: valueAxis(chart)},
    interaction: {mode: 'nearest', axis: 'x', intersect: false},
  };
}

function markedPoints(chart) {
  if (chart.marks.length === 0) return [];
  return [{
    type: 'scatter', label: '', data: chart.marks.map(({x, y}) => ({x, y})), names: chart.marks.map((mark) => mark.label),
    borderColor: colour('mark'), backgroundColor: 'transparent', borderWidth: 2, order: -1,
    pointRadius: (context) => narrow(context.chart) ? 4 : 5.5, pointHoverRadius: 7,
  }];
}

function group(chart, curve, k) {
  const rings = k === 0 && chart.curves.length > 1;
  const ink = rings ? colour('true') : series(chart.curves.length > 1 ? k - 1 : k);
  const size = curve.x.length > 1500 ? 0.6 : curve.x.length < 60 ? 1.5 : 1;  // by how crowded it is
  return {
    label: curve.name, data: pairs(curve), names: curve.names, borderColor: ink, backgroundColor: rings ? 'transparent' : ink,
    borderWidth: rings ? 1.25 : 0, order: -k, pointHitRadius: 4,
    pointRadius: (context) => size * (rings ? 4.6 : 2.5) * (narrow(context.chart) ? 0.6 : 1),
  };
}

function points(chart) {
  const [x, y] = chart.map ? mapAxes() : [axis(chart.x_label, {grace: '5%'}), axis(chart.y_label, {grace: '5%'})];
  return {
    type: 'scatter',
    data: {datasets: chart.curves.map((curve, k) => group(chart, curve, k)).concat(markedPoints(chart))},
    scales: {x, y},
    interaction: {mode: 'nearest', intersect: true},
  };
}

function mapAxes() {
  const across = axis('', {min: -180, max: 180});
  const up = axis('', {min: -90, max: 90});
  Object.assign(across.ticks, {stepSize: 30, autoSkip: false, callback(value) { return value % (narrow(this.chart) ? 90 : 60) ? null : degrees(value, 'E', 'W'); }});
  Object.assign(up.ticks, {stepSize: 30, autoSkip: false, callback: (value) => degrees(value, 'N', 'S')});
  return [across, up];
}

// A cloud of points gets a frame of its own shape, within reason.
function shape(chart, canvas) {
  if (chart.kind !== 'points' || chart.map) return;
  const span = (axis) => extent(chart.curves.map((curve) => curve[axis])).reduce((low, high) => high - low);
  canvas.parentElement.style.aspectRatio = Math.min(1.7, Math.max(0.8, span('x') / span('y') || 1));
}

// --- drawing -------------------------------------------------------------------------------------------------------------------

function tooltip(chart) {
  const where = ({x, y}) => chart.map ? degrees(y, 'N', 'S') + ', ' + degrees(x, 'E', 'W') : `${text(x)}, ${text(y)}`;
  const category = (x) => chart.categories.length ? chart.categories[x] ?? '' : (chart.x_label ? chart.x_label + ' ' : '') + text(x);
  return {
    displayColors: false, backgroundColor: colour('ink'), titleColor: colour('page'), bodyColor: colour('page'), padding: 9,
    callbacks: {
      title: (items) => items.length && chart.kind !== 'points' ? category(items[0].parsed.x) : '',
      label: ({dataset, dataIndex, parsed}) => {
        const name = [dataset.names?.[dataIndex], dataset.label].filter(Boolean).join(', ');
        return (name ? name + ': ' : '') + (chart.kind === 'points' ? where(parsed) : text(parsed.y));
      },
    },
  };
}

function configuration(chart) {
  const {scales, interaction, ...rest} = {lines, bars, histogram: bars, points}[chart.kind](chart);
  const [first, second] = chart.curves;
  const pair = chart.kind === 'points' && second && first.x.length === second.x.length ? [first, second] : null;
  return {
    ...rest,
    options: {
      responsive: true, maintainAspectRatio: false, animation: false, parsing: false, scales, interaction,
      layout: {padding: {top: 4, right: 8}},
      plugins: {legend: {display: false}, tooltip: tooltip(chart), cutLines: {cuts: chart.cuts}, markLabels: {marks: chart.marks}, joins: {pair, map: chart.map}},
    },
    plugins: [cutLines, markLabels, joins].concat(chart.kind === 'points' ? [equalUnits] : []),
  };
}

let drawn = [];

function draw() {
  drawn.forEach((chart) => chart.destroy());
  Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
  Chart.defaults.color = colour('soft');
  drawn = charts.flatMap((chart, k) => {
    if (chart.empty) return [];
    const canvas = document.getElementById('chart-' + k);
    shape(chart, canvas);
    return [new Chart(canvas, configuration(chart))];
  });
}

const dark = matchMedia('(prefers-color-scheme: dark)');
dark.addEventListener('change', draw);

// On paper: light colours, and nothing folded away.
let opened = [];
addEventListener('beforeprint', () => {
  opened = [...document.querySelectorAll('main details:not([open])')];
  opened.forEach((details) => { details.open = true; });
  root.classList.add('printing');
  draw();
});
addEventListener('afterprint', () => {
  opened.forEach((details) => { details.open = false; });
  root.classList.remove('printing');
  draw();
});

draw();
})();
