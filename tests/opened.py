"""Pages of ours in a real Chromium: from disk, offline, and watched."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page

CONTRAST = """
(selector) => {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const light = (colour) => {
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    const parts = [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3).map((part) => {
      const c = part / 255;
      return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2];
  };
  const ground = (node) => {
    const colour = getComputedStyle(node).backgroundColor;
    return /rgba\\(0, 0, 0, 0\\)/.test(colour) ? ground(node.parentElement) : colour;
  };
  return Math.min(...[...document.querySelectorAll(selector)].map((node) => {
    const [one, other] = [light(getComputedStyle(node).color), light(ground(node))];
    return (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
  }));
}
"""
"""The least contrast of a text with its ground among the elements of a selector."""


@contextmanager
def opening(file: Path) -> Iterator[Callable[[bytes, Page], Page]]:
    """Opens pages from a file; fails if one has asked for anything else, or complained."""
    asked, complaints = [], list[str]()

    def open_(given: bytes, page: Page) -> Page:
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.context.set_offline(True)
        file.write_bytes(given)
        page.goto(file.as_uri())
        return page

    yield open_
    assert set(asked) == {file.as_uri()}
    assert complaints == []
