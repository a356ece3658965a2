// The note itself: head, notices, and the text with its phrases and the draft.
const ANSWERED = { accept: ["✓", "accepted"], dismiss: ["✕", "dismissed"], unsure: ["?", "unsure"] };
const CHIP = "chip tinted";

const makeChip = ({ light, dark, context = "affirmed" }, words) => {
  const chip = make("span", `${CHIP} ${context}`, words);
  chip.style.setProperty("--c-light", light);
  chip.style.setProperty("--c-dark", dark);
  return chip;
};

const labelOf = (desk, id) => desk.data.labels.find((label) => label.id === id);

const contextOf = (desk, id) => desk.data.contexts.find((context) => context.id === id);

const quoteOf = (desk, extent) => cutLetters(desk.data.text, extent).trim();

const shorten = (words, most = 60) =>
  countLetters(words) > most ? `${cutLetters(words, { start: 0, end: most - 1 })}…` : words;

// What a screen reader says of a phrase, before its words.
const nameOf = (desk, phrase) => {
  const { title } = labelOf(desk, phrase.label);
  return [
    phrase.kind === "mark" ? `your mark: ${title}` : `may indicate ${title}`,
    contextOf(desk, phrase.context).words,
    phrase.match,
    phrase.changed ? "changed" : "",
    phrase.answer ? ANSWERED[phrase.answer][1] : phrase.kind === "finding" ? "not answered" : "",
  ].filter(Boolean).join(", ");
};

const describe = (desk, phrase) => {
  const { cue, title, light, dark } = labelOf(desk, phrase.label);
  const sign = phrase.answer ? ANSWERED[phrase.answer][0] : "";
  const letters = [cue, contextOf(desk, phrase.context).cue, sign].filter(Boolean).join(" ");
  const spoken = `${nameOf(desk, phrase)}: ${quoteOf(desk, phrase)}`;
  return {
    cue: letters, spoken, name: `${letters}, ${spoken}`, // a name holds what can be seen
    title: title + (sign ? `, ${ANSWERED[phrase.answer][1]}` : ""),
    context: phrase.context, answer: phrase.answer, light, dark,
  };
};

const showHead = (desk) => {
  const { data } = desk;
  const content = JSON.stringify([data.title, data.facts, data.place, data.notices]);
  if (desk.shownHead === content) return;
  desk.shownHead = content;
  desk.root.setAttribute("aria-label", `${data.title || "Note"}, ${data.place}`);
  desk.part(".place").textContent = data.place;
  fillHead(desk.part(".head"), data);
  const notices = desk.part(".notices");
  notices.hidden = !data.notices.length;
  notices.replaceChildren(...data.notices.map((line) => make("li", "", line)));
};

const showText = (desk) => {
  const box = desk.part(".text");
  const { phrases } = desk.view;
  const shown = {
    segments: cutText(desk.data.text, phrases, desk.draft),
    findings: phrases.map((phrase) => describe(desk, phrase)),
    choosable: true,
  };
  // What is selected, or has focus, stays so: build again only if something else is to be seen.
  const content = JSON.stringify(shown);
  if (desk.shownText !== content) {
    desk.shownText = content;
    fillText(box, shown);
    box.querySelectorAll("button.cue").forEach((cue) => { cue.tabIndex = -1; });
  }
  showChosen(box, { ...shown, chosen: phrases.findIndex(({ id }) => id === desk.chosen) });
};

// Bring the chosen phrase, or the draft, into view without moving more than needed.
const revealInText = (desk, extent) => {
  const box = desk.part(".text");
  const { top, bottom } = rangeOf(box, extent).getBoundingClientRect();
  const frame = box.getBoundingClientRect();
  const low = Math.min(frame.bottom, window.innerHeight - 90);
  const high = Math.max(frame.top, desk.part(".bar").getBoundingClientRect().bottom, 70);
  if (top >= high && bottom <= low) return;
  const [node] = placeOf(box, extent.start + 1);
  (node.parentElement ?? box).scrollIntoView({ block: "center" });
};

// Chosen by mouse in the text: the cue's own phrase, or one after the other of those that overlap.
const choseInText = (desk, event) => {
  const cue = event.target.closest("button.cue");
  if (cue) return desk.view.phrases[Number(cue.dataset.place)];
  const stretch = event.target.closest("[data-covering]");
  if (!stretch || selectedExtent(desk.part(".text"), desk.data.text)) return null;
  const places = stretch.dataset.covering.split(" ").map(Number);
  const now = desk.view.phrases.findIndex(({ id }) => id === desk.chosen);
  return desk.view.phrases[places[(places.indexOf(now) + 1) % places.length]];
};

// The button beside a selection.
const showFloating = (desk) => {
  const box = desk.part(".text");
  const button = desk.part(".floating");
  const extent = desk.canAct() && !desk.draft ? selectedExtent(box, desk.data.text) : null;
  button.hidden = !extent;
  if (!extent) return;
  const sheet = desk.part(".sheet").getBoundingClientRect();
  const rects = rangeOf(box, extent).getClientRects();
  const last = rects[rects.length - 1];
  if (!last) return;
  button.style.top = `${last.bottom - sheet.top + 4}px`;
  button.style.left = `${Math.max(0, Math.min(last.right - sheet.left - 30, sheet.width - 90))}px`;
};
