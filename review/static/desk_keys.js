// The keys, once: for pressing, for the hints beside the controls and for the help.
// repeats: also while held down; reads: also where nothing may be decided; phrase: needs a chosen one;
// when: whether this desk has what it is for.
const answers = ({ reasons }) => Object.keys(reasons).length > 0;

const KEYS = [
  { group: "Phrases", keys: ["J", "ArrowDown"], does: "nextPhrase", words: "Next phrase", repeats: true, reads: true },
  { group: "Phrases", keys: ["K", "ArrowUp"], does: "previousPhrase", words: "Previous phrase", repeats: true, reads: true },
  { group: "Phrases", keys: ["A"], does: "accept", words: "Accept; again takes it back", phrase: true, when: answers },
  { group: "Phrases", keys: ["X"], does: "dismiss", words: "Dismiss; again takes it back", phrase: true, when: answers },
  { group: "Phrases", keys: ["U"], does: "unsure", words: "Unsure; again takes it back", phrase: true, when: answers },
  { group: "Phrases", keys: ["R"], does: "reason", words: "Reason; without an answer yet, both at once", phrase: true, when: answers },
  { group: "Phrases", keys: ["T"], does: "comment", words: "Comment on the phrase", phrase: true },
  { group: "Phrases", keys: ["L"], does: "label", words: "Another label", phrase: true },
  { group: "Phrases", keys: ["V"], does: "context", words: "Another context", phrase: true },
  { group: "Phrases", keys: ["E"], does: "extent", words: "Move the extent: ← → the end, Shift + ← → the start, Enter keeps", phrase: true },
  { group: "Phrases", keys: ["Delete"], does: "remove", words: "Take a mark of your own away", phrase: true },
  { group: "Marking", keys: ["M"], does: "mark", words: "Mark what is selected; with nothing selected, walk by words: ← → ↑ ↓, Shift + → extends, Enter goes on" },
  { group: "Marking", keys: ["S"], does: "snap", words: "Whole words, or letter by letter (Alt while selecting: letters once)" },
  { group: "The note", keys: ["O"], does: "outcome", words: ({ outcomeName }) => outcomeName, when: ({ outcomes }) => outcomes.length > 0 },
  { group: "The note", keys: ["W"], does: "noteComment", words: ({ commentName }) => commentName },
  { group: "The note", keys: ["F"], does: "flag", words: "Flag to a colleague", when: ({ colleagues }) => colleagues.length > 0 },
  { group: "The note", keys: ["Z"], does: "undo", words: "Undo" },
  { group: "The note", keys: ["D"], does: "done", words: "Done, and on to the next note" },
  { group: "The note", keys: ["N"], does: "nextNote", words: "Next note, this one unfinished", reads: true, leaves: true },
  { group: "The note", keys: ["P"], does: "previousNote", words: "Previous note", reads: true, leaves: true },
  { group: "The page", keys: ["G"], does: "guide", words: "Show or hide what the label means", reads: true },
  { group: "The page", keys: ["?"], does: "help", words: "This list", reads: true },
  { group: "The page", keys: ["Escape"], does: "close", words: "Close; in a comment, give the old words back", reads: true },
];

const GLYPHS = { ArrowDown: "↓", ArrowUp: "↑", Delete: "Del", Escape: "Esc" };
const CALM = new Set(["nextPhrase", "previousPhrase", "guide", "help", "close"]); // while the next note is on its way

const findKey = (event) => {
  const key = event.altKey && event.code.startsWith("Key") ? event.code.slice(3) : event.key;
  return KEYS.find(({ keys }) => keys.includes(key.length === 1 ? key.toUpperCase() : key));
};

const doCommand = (desk, name, { isExact = false } = {}) => {
  const entry = KEYS.find(({ does }) => does === name);
  if (entry && !entry.reads && !desk.data.decides) return desk.say("This note is shown for reading only.");
  if (desk.view.leaving && !CALM.has(name)) return desk.say("The next note is on its way.");
  if (desk.draft && entry && name !== "help") {
    if (name !== "snap") setDraft(desk, null);
  }
  if (entry?.phrase && !chosenPhrase(desk)) return desk.say("No phrase is chosen.");
  COMMANDS[name](desk, { isExact });
};

// Returns whether the key was used; Ctrl and Meta are never touched, nor keys typed into a box.
const useKey = (desk, event) => {
  if (event.ctrlKey || event.metaKey || event.isComposing) return false;
  if (desk.palette) return paletteKey(desk, event);
  if (desk.part(".help").open) return helpKey(desk, event);
  if (event.target.matches("textarea")) return boxKey(desk, event);
  if (desk.draft && draftKey(desk, event)) return true;
  const entry = findKey(event);
  if (!entry || (event.altKey && entry.does !== "mark" && entry.does !== "extent")) return false;
  if (!event.repeat || entry.repeats) doCommand(desk, entry.does, { isExact: event.altKey });
  return true;
};

const isTyped = (event) => event.target.matches("textarea, input");

// What the desk used, what is typed, and the letters that Streamlit would take stay inside.
const onKey = (desk, event) => {
  const isUsed = event.type === "keydown" && useKey(desk, event);
  if (isUsed) event.preventDefault();
  const isPlain = !event.ctrlKey && !event.metaKey;
  if (isUsed || (isPlain && (isTyped(event) || event.key.length === 1))) event.stopPropagation();
};

const openHelp = (desk) => {
  const help = desk.part(".help");
  fillHelp(desk);
  desk.helpBack = desk.shadow.activeElement;
  help.showModal();
  help.querySelector(".close").focus();
};

const closeHelp = (desk) => {
  desk.part(".help").close();
  desk.helpBack?.focus({ preventScroll: true });
};

const helpKey = (desk, event) => {
  if (event.key !== "?" && event.key !== "Escape") return false;
  closeHelp(desk);
  return true;
};

const makeKeys = (keys) => keys.map((key) => make("kbd", "", GLYPHS[key] ?? key));

// A screen reader learns of the key by aria-keyshortcuts, and hears the plain name.
const unspoken = (element) => {
  element.setAttribute("aria-hidden", "true");
  return element;
};

const fillHelp = ({ data, part }) => {
  const known = KEYS.filter(({ when }) => !when || when(data));
  const box = part(".keys");
  box.replaceChildren();
  for (const group of [...new Set(known.map((entry) => entry.group))]) {
    const list = make("dl");
    for (const { keys, words } of known.filter((entry) => entry.group === group)) {
      const name = make("dt");
      name.append(...makeKeys(keys));
      const pair = make("div");
      pair.append(name, make("dd", "", typeof words === "function" ? words(data) : words));
      list.append(pair);
    }
    const part = make("section");
    part.append(make("h3", "", group), list);
    box.append(part);
  }
};

// Beside each control stands its key.
const fillHints = (desk) => {
  for (const { keys, does } of KEYS) {
    desk.root.querySelectorAll(`[data-do="${does}"]`).forEach((button) => {
      button.append(...makeKeys(keys.slice(0, 1)).map(unspoken));
      button.setAttribute("aria-keyshortcuts", keys[0]);
    });
  }
  const hint = (selector, key) => desk.part(selector).append(" ", unspoken(make("kbd", "", key)));
  hint('[for="note-comment"]', "W");
  hint('[for="phrase-comment"]', "T");
  hint('[data-do="keepDraft"]', "Enter");
  hint('[data-do="leaveDraft"]', "Esc");
};

const startKeys = (desk) => {
  fillHints(desk);
  for (const type of ["keydown", "keypress", "keyup"]) {
    desk.root.addEventListener(type, (event) => onKey(desk, event));
  }
  const help = desk.part(".help");
  help.addEventListener("cancel", (event) => {
    event.preventDefault();
    closeHelp(desk);
  });
  help.onclick = (event) => {
    if (event.target === help || event.target.closest(".close")) closeHelp(desk);
  };
};
