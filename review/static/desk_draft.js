// A phrase in the making: a cursor that walks by words, or the extent of a phrase being moved.
// desk.draft: { kind: "cursor" | "extent", start, end, phrase? }
const unitsOf = (desk) => (desk.memory.snap ? findWords(desk.data.text) : findClusters(desk.data.text));

const showDraft = (desk) => {
  const { draft } = desk;
  const bar = desk.part(".draft-bar");
  hide(bar, !draft);
  desk.part(".marking").classList.toggle("resting", Boolean(draft));
  if (!draft) return;
  const isCursor = draft.kind === "cursor";
  bar.querySelector(".draft-name").textContent = isCursor ? "Mark a phrase" : "Move the extent";
  bar.querySelector(".draft-keys").textContent = isCursor
    ? "← → move, Shift + → or ← extends or shortens, ↑ ↓ change the line, Enter goes on, Esc gives up"
    : "← → move the end, Shift + ← → the start, Enter keeps, Esc gives up";
  bar.querySelector('[data-do="keepDraft"] .value').textContent = isCursor ? "Choose a label" : "Keep";
};

const setDraft = (desk, draft) => {
  desk.draft = draft;
  dropSelection(desk.part(".text"));
  showText(desk);
  showDraft(desk);
  showFloating(desk);
  if (!draft) return;
  desk.say(shorten(quoteOf(desk, draft), 120));
  revealInText(desk, draft);
};

// The words a person selected, as whole ones unless asked otherwise.
const selectionOf = (desk, isExact) => {
  const extent = selectedExtent(desk.part(".text"), desk.data.text);
  if (!extent) return null;
  return isExact || desk.isExact || !desk.memory.snap ? extent : snapExtent(findWords(desk.data.text), extent);
};

const startMark = (desk, isExact) => {
  const selected = selectionOf(desk, isExact);
  if (selected) return askLabel(desk, selected);
  const units = findWords(desk.data.text);
  if (!units.length) return desk.say("There is no word to mark.");
  const from = chosenPhrase(desk)?.start ?? 0;
  const first = units.find(({ end }) => end > from) ?? units[0];
  setDraft(desk, { kind: "cursor", ...first });
  desk.part(".text").focus({ preventScroll: true });
};

const startExtent = (desk, isExact) => {
  const phrase = chosenPhrase(desk);
  const { start, end } = selectionOf(desk, isExact) ?? phrase;
  setDraft(desk, { kind: "extent", start, end, phrase: phrase.id });
  desk.part(".text").focus({ preventScroll: true });
};

const askLabel = (desk, extent) => {
  setDraft(desk, { kind: "cursor", start: extent.start, end: extent.end });
  openPalette(desk, {
    name: `Label of “${shorten(quoteOf(desk, extent))}”`,
    options: labelOptions(desk),
    choose: (label) => {
      setDraft(desk, null);
      addMark(desk, extent, label);
    },
    leave: () => desk.part(".text").focus({ preventScroll: true }),
  });
};

const addMark = (desk, { start, end }, label) => {
  const twin = desk.view.phrases.find((one) => one.start === start && one.end === end && one.label === label);
  if (twin) {
    desk.choose(twin.id);
    return desk.say("This phrase has that label already.");
  }
  const { key } = addAction(desk, "mark", { start, end, label, context: "affirmed" });
  desk.chosen = key;
  desk.show();
  desk.home();
  desk.say(`Marked: ${labelOf(desk, label).title}. V changes the context.`);
};

const keepDraft = (desk) => {
  const extent = trimExtent(desk.data.text, desk.draft);
  if (!extent) return desk.say("There is no word in it.");
  if (desk.draft.kind === "cursor") return askLabel(desk, extent);
  const phrase = desk.view.phrases.find(({ id }) => id === desk.draft.phrase);
  setDraft(desk, null);
  if (phrase && (phrase.start !== extent.start || phrase.end !== extent.end)) changePhrase(desk, phrase, extent);
  desk.home();
};

const leaveDraft = (desk) => {
  setDraft(desk, null);
  desk.home();
  desk.say("Given up.");
};

const stepDraft = (desk, edge, by) => {
  const { draft } = desk;
  const moved = edge ? stepExtent(unitsOf(desk), draft, edge, by) : stepCursor(unitsOf(desk), draft, by);
  setDraft(desk, { ...draft, ...moved });
};

// The word nearest above or below, as the lines happen to be broken.
const lineDraft = (desk, by) => {
  const box = desk.part(".text");
  const rectOf = (extent) => rangeOf(box, extent).getClientRects()[0];
  const here = rectOf(desk.draft);
  const height = here.height;
  const units = findWords(desk.data.text);
  const near = units.filter(({ start, end }) => (by > 0 ? start >= desk.draft.end : end <= desk.draft.start));
  let best = null;
  for (const unit of by > 0 ? near : near.reverse()) {
    const rect = rectOf(unit);
    const lines = Math.abs(rect.top - here.top) / height;
    if (lines < 0.6) continue;
    if (best && Math.abs(rect.top - best.top) > height * 0.6) break;
    const far = Math.abs(rect.left - here.left);
    if (!best || far < best.far) best = { unit, far, top: rect.top };
  }
  if (best) setDraft(desk, { ...desk.draft, ...best.unit });
};

const draftKey = (desk, event) => {
  const forward = getComputedStyle(desk.part(".text")).direction === "rtl" ? -1 : 1;
  const by = { ArrowRight: forward, ArrowLeft: -forward }[event.key];
  const isCursor = desk.draft.kind === "cursor";
  if (event.altKey) return false;
  if (by) {
    if (isCursor) stepDraft(desk, event.shiftKey ? "end" : null, by);
    else stepDraft(desk, event.shiftKey ? "start" : "end", by);
  } else if (isCursor && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
    lineDraft(desk, event.key === "ArrowDown" ? 1 : -1);
  } else if (event.key === "Enter" && !event.target.closest("button")) keepDraft(desk);
  else if (event.key === "Escape") leaveDraft(desk);
  else if (event.key.toLowerCase() === "s") toggleSnap(desk);
  else return event.key === "Delete" || /^[^ ?]$/u.test(event.key); // other keys rest until this is over
  return true;
};

const toggleSnap = (desk) => {
  desk.memory.snap = !desk.memory.snap;
  showBar(desk);
  desk.say(desk.memory.snap ? "Whole words" : "Letter by letter");
};

const startDraft = (desk) => {
  desk.part(".draft-bar").addEventListener("click", (event) => {
    const step = event.target.closest("[data-step]")?.dataset.step;
    if (step && desk.draft) stepDraft(desk, step.slice(0, -1), step.endsWith("+") ? 1 : -1);
  });
};
