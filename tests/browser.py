"""Driving the real Label Studio editor in Chromium, as an annotator would."""

from playwright.sync_api import Error, Locator, Page, Response

SENTENCE = ".sikap-sentence .lsf-htx-richtext"
INSTRUCTIONS = ".lsf-modal-ls_visible"
REGIONS = ".lsf-tree__node"
SELECTED = ".lsf-tree-treenode-selected"
CHOSEN_LABEL = ".lsf-label_selected"
POSITION = ".lsf-current-task__task-count"
SETTINGS = "[data-testid=bottombar-settings-button]"
SETTING = ".lsf-settings__field"
SUBMIT = "[data-testid=bottombar-submit-button]"
TRIES = 6

# Where to press and let go so that the code points [start, end) of an element are selected, in it
# scrolled into view. A line break is a <br>, which counts as one. Of a character that
# side is taken at which the browser itself would put the caret before the first, or after the last:
# left or right, by the direction of the script. Where the character beside it is elsewhere, as at
# the border of two directions, that is where an annotator presses: Chromium does not take the rest.
EDGES = """
([selector, start, end]) => {
  const root = document.querySelector(selector);
  if (!root) return null;
  const places = [];
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
  while (walker.nextNode()) {
    const node = walker.currentNode;
    if (node.nodeName === "BR") places.push([node, 0, 0]);
    if (node.nodeType !== Node.TEXT_NODE) continue;
    let unit = 0;
    for (const character of node.data) {
      places.push([node, unit, unit + character.length]);
      unit += character.length;
    }
  }
  const box = ([node, from, to]) => {
    const range = document.createRange();
    range.setStart(node, from);
    range.setEnd(node, to);
    return range.getBoundingClientRect();
  };
  const [first, last] = [places[start], places[end - 1]];
  if (!first || !last) return null;
  for (let above = root; above; above = above.parentElement)
    if (above.scrollHeight > above.clientHeight && getComputedStyle(above).overflowY !== "visible")
    {
      const third = above.getBoundingClientRect().top + above.clientHeight / 3;
      above.scrollTop += box(first).top - third;
    }
  const before = (node, offset) => {
    const range = document.createRange();
    range.setStart(root, 0);
    range.setEnd(node, offset);
    return range.toString().length;
  };
  const edge = (own, beside, [node, wanted]) => {
    const boxes = [own, beside].filter(Boolean).map(box);
    const [a, b] = boxes;
    const apart = b && Math.abs(a.top - b.top) < 1
      && Math.min(Math.abs(a.left - b.right), Math.abs(a.right - b.left)) > 1;
    for (const c of apart ? [b, a] : boxes)
      for (const share of [0.1, 0.9, 0, 1]) {
        const [x, y] = [c.left + share * c.width, c.top + c.height / 2];
        const caret = document.caretRangeFromPoint(x, y);
        if (caret && root.contains(caret.startContainer)
            && before(caret.startContainer, caret.startOffset) === before(node, wanted))
          return [x, y];
      }
    return null;
  };
  const [from, to] = [
    edge(first, places[start - 1], first),
    edge(last, places[end], [last[0], last[2]]),
  ];
  return from && to && [...from, ...to];
}
"""


def log_in(page: Page, url: str, email: str, password: str) -> None:
    """Log in through the form of the server at ``url``."""
    page.goto(f"{url}/user/login/")
    page.fill("input[name=email]", email)
    page.fill("input[name=password]", password)
    page.click("button[type=submit]")
    page.wait_for_url(lambda address: "/user/login" not in address)


def open_stream(page: Page, url: str, project_id: int) -> None:
    """Open the label stream of a project, as its "Label All Tasks" button does."""
    page.goto(f"{url}/projects/{project_id}/data?labeling=1")
    page.locator(SENTENCE).wait_for()


def label_next(page: Page, url: str, project_id: int) -> str:
    """Open the label stream, put its instructions away; return the sentence that it shows."""
    open_stream(page, url, project_id)
    instructions(page)
    return sentence(page)


def open_task(page: Page, url: str, project_id: int, task_id: int) -> str:
    """Open one task out of turn; return the sentence that it shows."""
    page.goto(f"{url}/projects/{project_id}/data?task={task_id}")
    page.locator(SUBMIT).wait_for()
    return sentence(page)


def sentence(page: Page) -> str:
    """The sentence as the editor shows it, once it is there."""
    return page.locator(SENTENCE).inner_text()


def instructions(page: Page) -> str:
    """Read the instructions that lie over the editor, and close them."""
    window = page.locator(INSTRUCTIONS)
    text = window.inner_text()
    window.locator("button").first.click()
    window.wait_for(state="hidden")
    return text


def select_new_regions(page: Page) -> None:
    """Tell the editor in its settings to select new regions; the browser remembers it."""
    page.click(SETTINGS)
    page.locator(SETTING, has_text="Select region after creating it").click()
    window = page.locator(".ant-modal", has=page.locator(SETTING))
    window.locator(".ant-modal-close").click()
    window.wait_for(state="hidden")


def mark(page: Page, hotkey: str, start: int, end: int) -> None:
    """Mark the code points [start, end) with the mouse, and click the new region to select it.

    ``hotkey`` is that of its label. Label Studio does not select a new region by itself, unless it
    is told to by ``select_new_regions``.
    """
    before = page.locator(REGIONS).count()
    draw(page, hotkey, start, end)
    select(page, before)


def draw(page: Page, hotkey: str, start: int, end: int) -> None:
    """Mark the code points [start, end) by the key of a label and the mouse.

    While the editor is still being set up it swallows keys and drags, so each is done again, as a
    person would, until the label is chosen and the region is there.
    """
    regions, label = page.locator(REGIONS), page.locator(CHOSEN_LABEL).first
    before = regions.count()
    for _ in range(TRIES):
        page.keyboard.press("u")
        page.keyboard.press(hotkey)
        try:
            label.wait_for(timeout=5_000)
            drag(page, start, end)
            regions.nth(before).wait_for(timeout=10_000)
        except Error:
            if regions.count() == before:
                continue
        return
    raise RuntimeError(f"no region appeared for {start}-{end} with key {hotkey!r}")


def edges(page: Page, start: int, end: int) -> tuple[float, float, float, float]:
    """Where to press and where to let go, x and y each, to mark [start, end) of the sentence.

    A sentence that is being laid out anew, or that something covers, has no such points yet.
    """
    points = page.wait_for_function(EDGES, arg=[SENTENCE, start, end]).json_value()
    return points[0], points[1], points[2], points[3]


def drag(page: Page, start: int, end: int) -> None:
    """Drag the mouse over the code points [start, end) of the sentence."""
    left, top, right, bottom = edges(page, start, end)
    page.mouse.move(left, top)
    page.mouse.down()
    page.mouse.move(right, bottom, steps=4)
    page.mouse.up()


def select(page: Page, number: int) -> None:
    """Select a region in the list at the side, which numbers them from 0 as they were made."""
    region = page.locator(REGIONS).nth(number)
    region.locator(".lsf-outliner-item__title").click()
    region.and_(page.locator(SELECTED)).wait_for()


def choice(page: Page, value: str) -> Locator:
    """The box of a per-region value; there is one only while it can be chosen."""
    return page.locator(f".lsf-choice__checkbox:has(input[name={value}])")


def choose(page: Page, value: str) -> None:
    """Click a value for the region that is selected."""
    choice(page, value).click()


def submit(page: Page, *, by_key: bool = False) -> None:
    """Submit and wait until the server has the annotation."""
    with page.expect_response(_saves_an_annotation) as answer:
        if by_key:
            page.keyboard.press("Control+Enter")
        else:
            page.click(SUBMIT)
    if not answer.value.ok:
        raise RuntimeError(f"Label Studio answered {answer.value.status}")


def refusal(page: Page) -> str:
    """Click Submit where the editor should refuse it; return what it says, and close that."""
    page.click(SUBMIT)
    window = page.locator(".ant-modal-confirm")
    text = window.locator(".ant-modal-confirm-content").inner_text()
    window.locator(".ant-modal-confirm-btns button").click()
    window.wait_for(state="hidden")
    return text


def _saves_an_annotation(response: Response) -> bool:
    request = response.request
    return request.method in {"POST", "PATCH"} and "/annotations" in request.url
