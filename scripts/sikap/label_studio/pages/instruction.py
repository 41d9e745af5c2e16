"""What annotators read before the first task, and any time after: how to annotate, and guidelines.

Label Studio shows it as HTML in a narrow window. It takes inline styles out and undoes the
browser's own (no margins, no borders of tables), so that a style sheet comes along. Facts measured
on Label Studio 1.23.2.
"""

from collections.abc import Iterable, Iterator
from html import escape
from itertools import groupby

from markdown_it import MarkdownIt

from sikap.labelling_config.hotkeys_and_colours import Hotkey, hotkeys
from sikap.labelling_config.scheme import Control, Scheme

SETTING = "Select region after creating it"
STYLE = """
.sikap-help { line-height: 1.5; overflow-wrap: anywhere; }
.sikap-help h1, .sikap-help h2, .sikap-help h3, .sikap-help h4, .sikap-help p, .sikap-help li,
.sikap-help td, .sikap-help th { unicode-bidi: plaintext; text-align: start; }
.sikap-help h1, .sikap-help h2, .sikap-help h3, .sikap-help h4 {
  font-weight: 600; line-height: 1.25; margin: 1.2em 0 0.4em; }
.sikap-help h1 { font-size: 1.5em; }
.sikap-help h1:first-of-type { margin-top: 0; }
.sikap-help h2 { font-size: 1.25em; }
.sikap-help h3, .sikap-help h4 { font-size: 1.1em; }
.sikap-help p, .sikap-help ul, .sikap-help ol, .sikap-help table { margin: 0 0 0.7em; }
.sikap-help ul, .sikap-help ol { padding-inline-start: 1.6em; }
.sikap-help ul { list-style: disc; }
.sikap-help ol { list-style: decimal; }
.sikap-help blockquote { border-inline-start: 3px solid #8888; padding-inline-start: 0.8em; }
.sikap-help table { border-collapse: collapse; width: 100%; }
.sikap-help td, .sikap-help th {
  border: 1px solid #8886; padding: 0.2em 0.5em; vertical-align: top; overflow-wrap: break-word; }
.sikap-help kbd { border: 1px solid #8888; border-radius: 0.25em; padding: 0 0.35em; }
.sikap-help i.sikap-colour { border-radius: 0.2em; display: inline-block; height: 0.8em;
  margin-inline-end: 0.3em; width: 0.8em; }
.sikap-help .sikap-key { display: inline-block; margin-inline-end: 1.2em; white-space: nowrap; }
.sikap-help hr { margin: 1.5em 0; }
"""


def instruction_html(config: str, scheme: Scheme, guidelines: str) -> str:
    """The instruction of a project: how to annotate with this config, then the guidelines.

    ``config`` is the labelling config, ``guidelines`` Markdown. HTML in either is shown, not run.
    """
    keys = hotkeys(config.encode(), "config")
    colours = list(dict.fromkeys(key.colour for key in keys if key.colour))
    paint = (f".sikap-colour-{n} {{ background: {c}; }}\n" for n, c in enumerate(colours))
    return "\n".join(
        (
            '<div class="sikap-help">',
            f"<style>{STYLE}{''.join(paint)}</style>",
            "<h1>How to annotate</h1>",
            *_first(scheme),
            "<ol>",
            *(f"<li>{step}</li>" for step in _steps(scheme)),
            "</ol>",
            *_table(keys, colours),
            "<hr>",
            MarkdownIt("commonmark", {"html": False}).enable("table").render(guidelines),
            "</div>",
        )
    )


def _first(scheme: Scheme) -> Iterator[str]:
    """Yield what is to be done once in a browser: without it each mention must be clicked."""
    if scheme.of_kind("attribute"):
        yield (
            f"<p><b>Once in this browser:</b> press the button with the two sliders, beside "
            f"Skip, and turn on <b>{SETTING}</b>. Without it you have to click each mention after "
            f"marking it, before you can say anything of it.</p>"
        )


def _steps(scheme: Scheme) -> Iterator[str]:
    spans, attributes = scheme.of_kind("spans"), scheme.of_kind("attribute")
    if spans:
        yield "Press the key of a label, then drag over the words, from first to last letter."
    for control in attributes:
        yield f"Press a key of <b>{escape(control.name)}</b>{_when(control)}."
    if spans:
        yield (
            "Press <kbd>u</kbd> to let the mention go before you mark the next one: a label key "
            "pressed while a mention is selected gives that one another label."
        )
        yield (
            "To correct a mention, click it: then press another key, or <kbd>Backspace</kbd> to "
            "delete it. <kbd>Ctrl</kbd>+<kbd>Z</kbd> undoes the last step."
        )
    for control in scheme.of_kind("choice"):
        yield f"For the whole text press a key of <b>{escape(control.name)}</b>{_when(control)}."
    empty = " Where there is nothing to mark, submit it as it is: that is an answer." * bool(spans)
    yield f"<b>Submit</b>, or <kbd>Ctrl</kbd>+<kbd>Enter</kbd>.{empty}"
    yield (
        "<b>Skip</b>, or <kbd>Ctrl</kbd>+<kbd>Space</kbd>, only where the guidelines say so. "
        "On a Mac: Command instead of Ctrl, and Option+Enter to skip."
    )
    yield "The button <b>Instructions</b> above the text shows this page again."


def _when(control: Control) -> str:
    """When a choice is asked for, in words; empty where it always is."""
    labels = f" of {' or '.join(control.of_labels)}" if control.of_labels else ""
    if control.when is None:
        return escape(labels)
    values = " or ".join(control.when.values) or "given"
    return escape(f"{labels}, but only where {control.when.control} is {values}")


def _table(keys: Iterable[Hotkey], colours: list[str]) -> Iterator[str]:
    yield "<table><tr><th>what</th><th>keys</th></tr>"
    for control, group in groupby(keys, key=lambda key: key.control):
        cells = "\n".join(_cell(key, colours) for key in group)
        yield f"<tr><td>{escape(control)}</td><td>{cells}</td></tr>"
    yield "</table>"


def _cell(key: Hotkey, colours: list[str]) -> str:
    name = f"<kbd>{escape(key.key)}</kbd> " if key.key else ""
    swatch = ""
    if key.colour:
        swatch = f'<i class="sikap-colour sikap-colour-{colours.index(key.colour)}"></i>'
    return f'<span class="sikap-key">{name}{swatch}{escape(key.shown)}</span>'
