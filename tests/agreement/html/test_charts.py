"""Charts: small, in named colours, without styles or outside parts, the same everywhere."""

import os
import re
import subprocess
import sys
from pathlib import Path
from xml.etree.ElementTree import Element, fromstring

import pytest

from sikap.agreement.html.charts import Charts
from sikap.agreement.html.matplotlib_svg import MOST_ROWS, WIDTH, Bar, Row

HOSTILE = (
    'T1 </text><script>x</script> style="fill: #a00001" $\\frac{1}{2}$ "url(#p1)" <!-- --> \x00'
)
DRAWING = """
from sikap.agreement.html.charts import Charts
from sikap.agreement.html.matplotlib_svg import Bar, Row
charts = Charts()
rows = [Row(name="α", value=0.5, low=0.4, high=0.6), Row(name="b", value=None)]
print(charts.forest(rows, "n"), charts.course(rows, "n", ("1", "2")))
print(charts.heat("ab", "ab", [[0.5, None], [-0.2, 1.0]], "n", [[".5", ""], ["", "1"]]))
print(charts.stacked([Bar(name="a", parts=(1, 2))], "n"), charts.counts([0.1, 0.9], "n"))
"""
SETTINGS = """\
svg.hashsalt: other
svg.fonttype: path
font.size: 30
lines.linewidth: 9
axes.facecolor: red
figure.dpi: 300
backend: Agg
"""


def every(name: str = "n") -> list[str]:
    """A chart of each kind, all texts of which are the name."""
    charts = Charts()
    rows = [Row(name=name, value=0.5, low=0.4, high=0.7), Row(name=name, value=None)]
    return [
        charts.forest(rows, name),
        charts.course(rows, name, (name, name)),
        charts.heat([name] * 2, [name] * 2, [[0.1, None], [0.9, -0.5]], name, [[name] * 2] * 2),
        charts.stacked([Bar(name=name, parts=(1, 0, 3))], name),
        charts.counts([0.1, 0.5, 0.55], name),
    ]


def parsed(chart: str) -> Element:
    return fromstring(chart)


@pytest.mark.parametrize("chart", every("nama"))
def test_every_chart_is_a_named_image_without_styles(chart: str) -> None:
    root = parsed(chart)
    assert (root.get("role"), root.get("aria-label")) == ("img", "nama")
    for element in root.iter():
        assert element.tag != "style"
        assert "style" not in element.attrib
        assert "#" not in element.get("fill", "") + element.get("stroke", "")


@pytest.mark.parametrize("chart", every(HOSTILE))
def test_hostile_names_are_nothing_but_text(chart: str) -> None:
    root = parsed(chart)
    assert {element.tag for element in root.iter()} <= {"svg", "g", "path", "text", "use", "defs"}
    assert {len(list(text)) for text in root.iter("text")} == {0}
    label = root.get("aria-label") or ""
    assert label.replace("␀", "\x00") == HOSTILE


def test_ids_differ_between_charts_of_a_page() -> None:
    ids = [found for chart in every() for found in re.findall(r'\bid="([^"]+)"', chart)]
    assert len(ids) == len(set(ids))
    named = {found for chart in every() for found in re.findall(r'href="#([^"]+)"', chart)}
    assert named <= set(ids)


def test_a_chart_fits_a_phone() -> None:
    assert WIDTH <= 360 - 16
    for chart in every("a very long name " * 9):
        assert parsed(chart).get("viewBox", "").split()[2] == str(WIDTH)


def test_many_rows_make_no_endless_chart() -> None:
    chart = Charts().forest([Row(name=str(n), value=0.5) for n in range(1000)], "n")
    assert len(chart) < 400 * MOST_ROWS


def test_values_are_where_the_axis_says() -> None:
    rows = [Row(name="a", value=value) for value in (0.0, 1.0, 0.25)]
    root = parsed(Charts().forest(rows, "n"))
    first, last, quarter = (float(use.get("x", "")) for use in root.iter("use"))
    assert quarter == pytest.approx(first + (last - first) / 4, abs=0.1)


def test_an_axis_reaches_below_zero_where_figures_do() -> None:
    texts = [text.text or "" for text in parsed(
        Charts().forest([Row(name="a", value=0.1, low=-0.2, high=0.4)], "n")
    ).iter("text")]  # fmt: skip
    assert "\u2068−0.5\u2069" in texts


def test_nothing_of_the_machine_changes_a_byte(tmp_path: Path) -> None:
    (tmp_path / "matplotlibrc").write_text(SETTINGS, encoding="utf-8")
    told = {"PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "HOME": str(tmp_path)}
    one = drawn(told | {"PYTHONHASHSEED": "1", "LC_ALL": "C.UTF-8"})
    other = drawn(
        told
        | {"PYTHONHASHSEED": "2", "LC_ALL": "C", "PYTHONUTF8": "1", "TZ": "Asia/Jakarta"}
        | {"MATPLOTLIBRC": str(tmp_path), "MPLBACKEND": "pdf", "SOURCE_DATE_EPOCH": "1"}
    )
    assert one == other
    assert b"<svg" in one


def drawn(environment: dict[str, str]) -> bytes:
    """What a process of that environment draws."""
    command = [sys.executable, "-c", DRAWING]
    return subprocess.run(command, env=environment, capture_output=True, check=True).stdout


def test_matplotlib_waits_until_something_is_drawn_and_keeps_its_settings() -> None:
    code = """
import sys
import sikap.agreement.html.report_page
from sikap.agreement.html.matplotlib_svg import Row
from sikap.agreement.html.charts import Charts
assert "matplotlib" not in sys.modules
import matplotlib
before = matplotlib.rcParams.copy()
Charts().forest([Row(name="a", value=0.5)], "n")
assert matplotlib.rcParams.copy() == before
assert "matplotlib.pyplot" not in sys.modules
"""
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    subprocess.run([sys.executable, "-c", code], env=environment, check=True)
