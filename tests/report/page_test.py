"""The report's pages in a real browser: they draw, they stay inside their file, and they suit a phone, the dark and a reader of text."""

import json
import os
import pathlib
import subprocess

import pytest
from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By

PAGES = ["world", "doubtful", "hostile", "large", "bare"]
DESKTOP, PHONE = 1280, 390


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pages")
    cities = pathlib.Path(os.environ["GOSSAN_SOURCE"]) / "examples/world/cities.csv"
    subprocess.run([os.environ["REPORT_SAMPLE"], str(folder), str(cities)], check=True)
    return folder


@pytest.fixture(scope="module")
def driver(tmp_path_factory):
    options = webdriver.ChromeOptions()
    options.binary_location = "/usr/bin/chromium"
    profile = tmp_path_factory.mktemp("profile")
    for argument in ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", f"--user-data-dir={profile}"]:
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = webdriver.Chrome(service=Service("/usr/bin/chromedriver"), options=options)
    yield driver
    driver.quit()


@pytest.fixture
def show(driver, folder):
    def show(name, width=DESKTOP, scheme="light"):
        emulate(driver, width, scheme)
        driver.get((folder / f"{name}.html").as_uri())
        return driver

    yield show
    driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})


def emulate(driver, width, scheme):
    metrics = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 600}
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": scheme}]})


# A page hears that a media feature changed only when its next frame is made: the second callback is surely after that.
def next_frame(driver):
    driver.execute_async_script("const done = arguments[0]; requestAnimationFrame(() => requestAnimationFrame(() => done()));")


# Of every chart: how many of its pixels are painted at all, and how many in about each colour that its data are drawn in.
PIXELS = """
return Object.values(Chart.instances).map((chart) => {
  const {canvas} = chart;
  const context = canvas.getContext('2d');
  const of = (hex) => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));
  const near = (data, at, hex) => data[at + 3] > 200 && of(hex).every((channel, c) => Math.abs(channel - data[at + c]) < 24);
  const image = context.getImageData(0, 0, canvas.width, canvas.height).data;
  const count = (hex) => {
    let pixels = 0;
    for (let at = 0; at < image.length; at += 4) pixels += near(image, at, hex);
    return pixels;
  };
  const colours = new Set(chart.data.datasets.flatMap((set) =>
      [].concat(set.backgroundColor, set.borderColor).filter((hex) => /^#[0-9a-f]{6}$/.test(hex ?? ''))));
  return {id: canvas.id, painted: image.filter((value, at) => at % 4 === 3 && value > 0).length,
          counts: Object.fromEntries([...colours].map((hex) => [hex, count(hex)]))};
});
"""


def background(driver):
    return driver.execute_script("return getComputedStyle(document.body).backgroundColor")


def luminance(css):
    red, green, blue = (int(part) for part in css[css.index("(") + 1 : -1].split(",")[:3])
    linear = [(c / 255 / 12.92) if c / 255 <= 0.04045 else ((c / 255 + 0.055) / 1.055) ** 2.4 for c in (red, green, blue)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    bright, dark = sorted([luminance(one), luminance(other)], reverse=True)
    return (bright + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_console_message_and_no_request_but_the_file(show, folder, name, scheme):
    driver = show("bare")
    driver.get_log("browser"), driver.get_log("performance")  # empties both
    driver = show(name, scheme=scheme)
    assert driver.get_log("browser") == []
    messages = [json.loads(entry["message"])["message"] for entry in driver.get_log("performance")]
    asked = [m["params"]["request"]["url"] for m in messages if m["method"] == "Network.requestWillBeSent"]
    assert (folder / f"{name}.html").as_uri() in asked  # the log does see requests
    assert [url for url in asked if not url.startswith("data:")] == [(folder / f"{name}.html").as_uri()]


def test_the_policy_forbids_requests(show):
    driver = show("world")
    error = driver.execute_async_script(
        "const done = arguments[0]; addEventListener('securitypolicyviolation', (event) => done(event.effectiveDirective));"
        "const image = new Image(); image.src = 'http://127.0.0.1:9/x.png'; setTimeout(() => done('none'), 3000);"
    )
    assert error == "img-src"


@pytest.mark.parametrize("width", [DESKTOP, PHONE])
@pytest.mark.parametrize("name", ["world", "doubtful", "hostile", "large"])
def test_every_chart_has_drawn_its_data(show, name, width):
    driver = show(name, width)
    charts = driver.execute_script(PIXELS)
    canvases = driver.find_elements(By.TAG_NAME, "canvas")
    assert len(charts) == len(canvases) > 0
    for chart in charts:
        assert chart["painted"] > 500, chart
        assert any(pixels > 10 for pixels in chart["counts"].values()) or chart["counts"] == {}, chart


def test_charts_of_the_world_show_every_colour_of_their_data(show):
    driver = show("world")
    counts = {chart["id"]: chart["counts"] for chart in driver.execute_script(PIXELS)}
    assert [len(counts[f"chart-{k}"]) for k in range(4)] == [3, 2, 2, 2]  # rings, dots, marks; two curves; both sides of cuts
    for chart in counts.values():
        assert min(chart.values()) > 100, counts


def test_the_map_puts_cities_where_they_belong(show):
    driver = show("world")
    places = driver.execute_script(
        "const chart = Chart.getChart('chart-0'); const {x, y} = chart.scales;"
        "const pixel = (at) => [x.getPixelForValue(at[0]), y.getPixelForValue(at[1])];"
        "return [pixel([-60, 0]), pixel([60, 0]), pixel([0, 60]), pixel([0, -60])];"
    )
    west, east, north, south = places
    assert east[0] > west[0] and south[1] > north[1]
    assert east[0] - west[0] == pytest.approx(south[1] - north[1], rel=1e-6)  # a degree is as long upwards as sideways


def test_cuts_stand_at_their_values(show):
    driver = show("world")
    dark_columns = driver.execute_script(
        "const chart = Chart.getChart('chart-3'); const {chartArea: area, canvas, scales: {x}} = chart;"
        "const context = canvas.getContext('2d'), scale = canvas.width / chart.width;"
        "const dark = (value) => { const image = context.getImageData((x.getPixelForValue(value) - 1) * scale, area.top * scale,"
        "  3 * scale, (area.bottom - area.top) * 0.8 * scale).data; let count = 0;"
        "  for (let at = 0; at < image.length; at += 4) count += image[at + 3] > 200 && image[at] + image[at + 1] + image[at + 2] < 150;"
        "  return count; };"
        "return [dark(-4.5), dark(4.5), dark(-12.1), dark(12.1)];"
    )
    assert min(dark_columns[:2]) > 50 and max(dark_columns[2:]) == 0


@pytest.mark.parametrize("name", PAGES)
def test_every_chart_has_a_text_alternative(show, name):
    driver = show(name)
    for figure in driver.find_elements(By.TAG_NAME, "figure"):
        caption = figure.find_element(By.TAG_NAME, "figcaption")
        assert caption.is_displayed() and len(caption.text) > 10
        for canvas in figure.find_elements(By.TAG_NAME, "canvas"):
            assert canvas.get_attribute("role") == "img"
            assert figure.find_element(By.TAG_NAME, "h3").text[:20] in canvas.get_attribute("aria-label")
            assert len(canvas.get_attribute("aria-label")) > 20


@pytest.mark.parametrize("name", PAGES)
def test_a_phone_never_scrolls_sideways(show, name):
    driver = show(name, PHONE)
    assert driver.execute_script("return document.documentElement.scrollWidth") == PHONE
    tops = [e.rect["width"] for e in driver.find_elements(By.CSS_SELECTOR, "h1, section, figure, canvas, footer")]
    assert max(tops) <= PHONE


def test_dark_mode_changes_page_and_charts_at_once(show):
    driver = show("world")
    light, light_ink = background(driver), driver.execute_script("return Chart.getChart('chart-1').data.datasets[0].borderColor")
    assert luminance(light) > 0.8
    emulate(driver, DESKTOP, "dark")
    next_frame(driver)
    assert luminance(background(driver)) < 0.05
    dark_ink = driver.execute_script("return Chart.getChart('chart-1').data.datasets[0].borderColor")
    assert dark_ink != light_ink
    charts = driver.execute_script(PIXELS)
    assert len(charts) == 4 and all(min(chart["counts"].values()) > 100 for chart in charts)
    emulate(driver, DESKTOP, "light")
    assert background(driver) == light


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["world", "doubtful", "hostile"])
def test_text_has_contrast(show, name, scheme):
    driver = show(name, scheme=scheme)
    pairs = driver.execute_script(
        "const solid = (element) => { for (let at = element; at; at = at.parentElement) {"
        "  const colour = getComputedStyle(at).backgroundColor; if (!colour.startsWith('rgba')) return colour; } };"
        "return [...document.querySelectorAll('h1, p, th, td, dt, dd, figcaption, summary, li, .badge, .outcome')]"
        ".map((e) => [e.className + ' ' + e.tagName, getComputedStyle(e).color, solid(e)]);"
    )
    assert len(pairs) > 20
    low = {what for what, ink, paper in pairs if contrast(ink, paper) < 4.5}
    assert low == set()


def test_the_verdict_is_told_by_word_icon_and_colour(show):
    seen = {}
    for name, word in [("world", "trusted"), ("doubtful", "doubtful"), ("hostile", "failed")]:
        driver = show(name)
        badge = driver.find_element(By.CLASS_NAME, "badge")
        assert badge.text.lower() == word
        icon = badge.find_element(By.TAG_NAME, "use").get_attribute("href")
        assert driver.find_elements(By.CSS_SELECTOR, f"symbol{icon}") and badge.find_element(By.TAG_NAME, "svg").rect["width"] > 10
        seen[word] = (icon, badge.value_of_css_property("background-color"))
    assert len({icon for icon, _ in seen.values()}) == len({colour for _, colour in seen.values()}) == 3


def test_sections_come_in_order_and_choices_unfold(show):
    driver = show("world")
    order = [e.get_attribute("id") for e in driver.find_elements(By.CSS_SELECTOR, "main > *")]
    assert order == ["verdict", "checks", "facts", "charts", "tables", "choices"]
    choices = driver.find_element(By.ID, "choices")
    folded = choices.rect["height"]
    choices.find_element(By.TAG_NAME, "summary").click()
    assert choices.rect["height"] > folded + 100 and "great-circle" in choices.text


def test_hostile_strings_are_shown_and_never_run(show):
    driver = show("hostile")
    assert driver.execute_script("return window.pwned") is None
    assert driver.find_elements(By.CSS_SELECTOR, "img, b, main script") == []
    attack = driver.find_element(By.TAG_NAME, "h1").text
    assert attack.startswith("</script><script>window.pwned=1</script><img src=x") and "{{data}}" in attack
    assert driver.title == attack
    assert driver.find_element(By.CSS_SELECTOR, "figure h3").text == attack


def test_without_scripts_the_words_remain(driver, show):
    driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    driver = show("world")
    assert "Trusted" in driver.find_element(By.CLASS_NAME, "badge").text
    captions = driver.find_elements(By.TAG_NAME, "figcaption")
    assert len(captions) == 4 and all(caption.is_displayed() for caption in captions)
    assert not any(plot.is_displayed() for plot in driver.find_elements(By.CLASS_NAME, "plot"))


def test_print_is_light_and_unfolded(show):
    driver = show("world", scheme="dark")
    inside = driver.execute_script(
        "const ink = () => Chart.getChart('chart-1').data.datasets[0].borderColor;"
        "const before = ink(); dispatchEvent(new Event('beforeprint'));"
        "const open = document.getElementById('choices').open, printed = ink(); dispatchEvent(new Event('afterprint'));"
        "return [before, printed, open, ink(), document.getElementById('choices').open];"
    )
    before, printed, open_inside, after, open_after = inside
    assert printed != before == after and open_inside and not open_after
    assert len(driver.execute_cdp_cmd("Page.printToPDF", {})["data"]) > 20000
