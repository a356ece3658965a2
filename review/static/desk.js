// The desk: puts the parts together, once for each place on the page, and shows what Python gives.
const choose = (desk, id) => {
  desk.chosen = id;
  showList(desk);
  showPhrase(desk);
  showGuide(desk);
  showText(desk);
  const phrase = chosenPhrase(desk);
  if (phrase) revealInText(desk, phrase);
};

// A phrase that is gone gives its place to the one that stands there now.
const keepChosen = (desk, before) => {
  const { phrases } = desk.view;
  if (phrases.some(({ id }) => id === desk.chosen)) return;
  const at = before.findIndex(({ id }) => id === desk.chosen);
  const beside = phrases[Math.min(Math.max(at, 0), phrases.length - 1)];
  desk.chosen = (at < 0 ? phrases.find(isOpen) ?? phrases[0] : beside)?.id ?? null;
};

const show = (desk) => {
  const before = desk.view?.phrases ?? [];
  desk.view = viewOf(desk.data, desk.memory.pending);
  keepChosen(desk, before);
  const stray = desk.draft?.phrase && !desk.view.phrases.some(({ id }) => id === desk.draft.phrase);
  if (stray) desk.draft = null;
  showHead(desk);
  showBar(desk);
  showText(desk);
  showList(desk);
  showPhrase(desk);
  showGuide(desk);
  showNote(desk);
  showDraft(desk);
  showFloating(desk);
};

// Where the focus goes when nothing better is known.
const goHome = (desk) => {
  const list = desk.part(".list");
  (list.hidden ? desk.part(".text") : list).focus({ preventScroll: true });
};

const hasFocus = (desk) => desk.shadow.activeElement !== null && desk.root.contains(desk.shadow.activeElement);

const sayNote = (desk) => {
  const { phrases } = desk.view;
  const open = phrases.filter(isOpen).length;
  const count = phrases.length === 1 ? "1 phrase" : `${phrases.length} phrases`;
  desk.say(`${desk.data.title || "Note"}. ${desk.data.place}. ${count}${phrases.length ? `, ${open} not answered` : ""}.`);
};

// Another note: what was half done on the last one is over, and the focus stays on the desk.
const openNote = (desk, isFirst) => {
  if (desk.palette) shutPalette(desk);
  desk.draft = null;
  desk.chosen = null;
  desk.view = null;
  showAlert(desk, "");
  dropSelection(desk.part(".text"));
  show(desk);
  desk.part(".list").scrollTop = 0;
  showTop(desk.root, desk.part(".text"));
  const isIdle = document.activeElement === document.body;
  if (isFirst ? isIdle : hasFocus(desk) || isIdle) goHome(desk);
  sayNote(desk);
};

const keepFocus = (desk, hadFocus) => {
  const now = desk.shadow.activeElement;
  if (hadFocus && !desk.palette && !desk.part(".help").open && !now?.checkVisibility()) goHome(desk);
};

const update = (desk, data, setState) => {
  const hadFocus = hasFocus(desk);
  const isNew = desk.data?.note !== data.note;
  const box = desk.shadow.activeElement;
  if (isNew && desk.data && box?.matches("textarea")) keepBox(desk, box);
  const isFirst = !desk.data;
  Object.assign(desk, { data, setState, memory: memoryOf(data.desk) });
  desk.root.classList.toggle("dark", isDark(desk.root));
  settleActions(desk);
  if (isNew) openNote(desk, isFirst);
  else show(desk);
  keepFocus(desk, hadFocus);
};

const startMouse = (desk) => {
  const { root } = desk;
  const text = desk.part(".text");
  root.addEventListener("click", (event) => {
    const button = event.target.closest("[data-do], [data-outcome]");
    if (button?.dataset.do) return doCommand(desk, button.dataset.do, { isExact: event.altKey });
    if (button && desk.canAct()) return setOutcome(desk, button.dataset.outcome);
    const row = event.target.closest(".row");
    if (row) return choose(desk, row.dataset.id);
    if (!text.contains(event.target)) return;
    const phrase = choseInText(desk, event);
    if (phrase) choose(desk, phrase.id);
    if (event.target.closest("button.cue")) text.focus({ preventScroll: true });
  });
  // Buttons leave the selection alone.
  root.addEventListener("mousedown", (event) => {
    if (event.target.closest("button.floating, .marking button, .tools button")) event.preventDefault();
  });
  text.addEventListener("pointerdown", () => { desk.isSelecting = true; });
  window.addEventListener("pointerup", desk.onRelease = (event) => {
    if (!desk.isSelecting) return;
    desk.isSelecting = false;
    desk.isExact = event.altKey;
    const extent = selectionOf(desk, event.altKey);
    if (extent && desk.canAct()) selectExtent(text, extent);
    showFloating(desk);
  });
  document.addEventListener("selectionchange", desk.onSelect = () => {
    if (!desk.isSelecting) showFloating(desk);
  });
  root.querySelectorAll("textarea").forEach((box) => {
    box.addEventListener("blur", () => {
      keepBox(desk, box);
      desk.show();
    });
  });
};

const startDesk = (root) => {
  const desk = { root, shadow: root.getRootNode(), seen: [], draft: null, palette: null, chosen: null };
  desk.part = (selector) => root.querySelector(selector);
  desk.say = (words) => { desk.part(".heard").textContent = words; };
  desk.choose = (id) => choose(desk, id);
  desk.show = () => {
    const hadFocus = hasFocus(desk);
    show(desk);
    keepFocus(desk, hadFocus);
  };
  desk.home = () => goHome(desk);
  desk.canAct = () => desk.data.decides && !desk.view.leaving;
  startPalette(desk);
  startDraft(desk);
  startKeys(desk);
  startMouse(desk);
  return desk;
};

export default function ({ data, parentElement, setStateValue }) {
  const root = parentElement.querySelector(".root");
  root.desk ??= startDesk(root);
  update(root.desk, data, setStateValue);
  return () => {
    clearTimeout(root.desk.timer);
    window.removeEventListener("pointerup", root.desk.onRelease);
    document.removeEventListener("selectionchange", root.desk.onSelect);
  };
}
