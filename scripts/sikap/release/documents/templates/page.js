"use strict";
(() => {
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const tokens = (element) => element.dataset.is.split(" ").filter(Boolean);
  const facet = (token) => token.split(".")[0];
  const read = (node) => {
    if (node.nodeName === "BUTTON") return "";
    return node.nodeType === Node.TEXT_NODE ? node.data : [...node.childNodes].map(read).join("");
  };
  const fold = (text) => text.normalize("NFKC").toLowerCase();

  const narrow = matchMedia("(max-width: 56rem)");
  const form = document.getElementById("filters");
  const words = document.getElementById("words");
  const marks = new Map();
  for (const mark of all(".mark")) {
    marks.set(mark.dataset.mark, [...(marks.get(mark.dataset.mark) || []), mark]);
  }
  const lines = all(".line[data-is]").map((node) => ({
    node,
    is: tokens(node),
    text: fold(read(node.querySelector(".text"))),
    units: all(".chip, .choice", node).map((unit) => ({
      is: tokens(unit),
      nodes: [unit, ...(marks.get(unit.dataset.mark) || [])],
      span: unit.matches(".chip"),
    })),
  }));

  // A sentence is shown if it has a unit (a span, a choice, or nothing) which, together with what
  // holds for the whole sentence, has one of the wanted values of every facet.
  const filter = () => {
    const wanted = new Map();
    for (const box of all("input:checked", form)) {
      wanted.set(facet(box.value), [...(wanted.get(facet(box.value)) || []), box.value]);
    }
    const needle = fold(words.value.trim());
    const fits = (is) => [...wanted.values()].every((any) => any.some((one) => is.includes(one)));
    let shown = 0;
    let spans = 0;
    for (const line of lines) {
      const found = line.text.includes(needle);
      const bare = fits(line.is);
      let some = bare;
      for (const unit of line.units) {
        const fit = fits([...line.is, ...unit.is]);
        some ||= fit;
        if (found && fit && unit.span) spans += 1;
        for (const node of unit.nodes) node.classList.toggle("off", !fit && !bare);
      }
      line.node.hidden = !(found && some);
      if (!line.node.hidden) shown += 1;
    }
    for (const article of all("main > article")) {
      article.hidden = !article.querySelector(".line:not([hidden])");
    }
    document.querySelector(".nothing").hidden = shown > 0;
    document.querySelector("[type=reset]").hidden = !wanted.size && !needle;
    document.getElementById("tally").textContent =
      `${shown} of ${lines.length} sentences, ${spans} spans`;
  };
  form.addEventListener("input", filter);
  form.addEventListener("submit", (event) => event.preventDefault());
  document.querySelector("[type=reset]").addEventListener("click", (event) => {
    event.preventDefault();
    form.reset();
    filter();
  });

  const number = (node) => node.closest?.("[data-mark]")?.dataset.mark;
  const chip = (mark) => document.querySelector(`.chip[data-mark="${mark}"]`);
  const card = (mark) => document.getElementById(`m${mark}`);
  const light = (mark, on) => {
    for (const node of [chip(mark), ...marks.get(mark)]) node.classList.toggle("lit", on);
  };
  const place = (box, at) => {
    box.classList.add("placed");
    if (narrow.matches) {
      box.style.left = box.style.top = "";
      return;
    }
    const room = document.documentElement.clientWidth - box.offsetWidth - 8;
    const below = at.bottom + 8;
    const fits = below + box.offsetHeight <= innerHeight;
    box.style.left = `${scrollX + Math.max(8, Math.min(at.left, room))}px`;
    box.style.top = `${scrollY + (fits ? below : Math.max(8, at.top - box.offsetHeight - 8))}px`;
  };
  const show = (mark) => {
    const box = card(mark);
    if (!box.showPopover) return;
    if (!box.matches(":popover-open")) box.showPopover();
    place(box, marks.get(mark)[0].getClientRects()[0] || chip(mark).getBoundingClientRect());
  };
  const hide = (mark) => card(mark).hidePopover?.();

  for (const box of all(".card")) {
    box.addEventListener("toggle", (event) => light(box.id.slice(1), event.newState === "open"));
  }
  const main = document.querySelector("main");
  main.addEventListener("focusin", (event) => {
    const mark = event.target.matches(".chip") && number(event.target);
    if (mark) show(mark);
  });
  main.addEventListener("focusout", (event) => {
    const mark = event.target.matches(".chip") && number(event.target);
    if (mark) hide(mark);
  });
  main.addEventListener("click", (event) => {
    const mark = number(event.target);
    if (!mark || !getSelection().isCollapsed) return;
    chip(mark).focus({ preventScroll: true });
    show(mark);
  });
  // With a mouse it is enough to point; what was clicked stays until something else is.
  main.addEventListener("pointerover", (event) => {
    const mark = event.pointerType === "mouse" && number(event.target);
    if (mark && !document.activeElement.matches(".chip")) show(mark);
  });
  main.addEventListener("pointerout", (event) => {
    const mark = event.pointerType === "mouse" && number(event.target);
    if (mark && document.activeElement !== chip(mark)) hide(mark);
  });
  const side = document.querySelector(".side");
  const arrange = () => { side.open = !narrow.matches; };
  narrow.addEventListener("change", arrange);
  addEventListener("beforeprint", () => { side.open = true; });
  addEventListener("afterprint", arrange);
  arrange();
  filter();
})();
