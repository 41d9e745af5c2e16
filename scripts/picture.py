"""From the page of the release to docs/browse.png, the picture in the README.

Needs Chromium. Run it after a release whose page looks different.

Usage: python scripts/picture.py [RELEASE [PICTURE]]
"""

import shutil
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parent.parent
given = [Path(argument) for argument in sys.argv[1:]]
release, picture = [*given, *[ROOT / "dataset/release", ROOT / "docs/browse.png"][len(given) :]]
program = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))))

with sync_playwright() as playwright:
    browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
    page = browser.new_page(viewport={"width": 1280, "height": 900}, color_scheme="light")
    page.goto((release / "browse.html").resolve().as_uri())
    page.screenshot(path=picture)
    browser.close()

print(picture)
