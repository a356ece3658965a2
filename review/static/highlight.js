// A text with its phrases, and its head; shared by the note and the desk.
const CONTEXTS = ["affirmed", "negated", "hypothetical", "other"];

const tint = (element, finding) => {
  element.classList.remove(...CONTEXTS);
  element.classList.add("tinted", finding.context);
  element.style.setProperty("--c-light", finding.light);
  element.style.setProperty("--c-dark", finding.dark);
  if (finding.answer) element.dataset.answer = finding.answer;
  else delete element.dataset.answer;
};

const fillHead = (head, data) => {
  head.replaceChildren();
  if (data.title) {
    const title = make("h1", "", data.title);
    title.dir = "auto";
    head.append(title);
  }
  if (!data.facts.length) return;
  const list = make("dl");
  for (const [name, value] of data.facts) {
    const pair = make("div");
    const shown = make("dd", "", value);
    shown.dir = "auto";
    pair.append(make("dt", "", name), shown);
    list.append(pair);
  }
  head.append(list);
};

// A stretch covered by several findings: the closest match fills it, each further one adds a line.
const makeStretch = (text, covering, data) => {
  let inner = make("span", "stretch fill", text);
  tint(inner, data.findings[covering[0]]);
  covering.slice(1).forEach((place, at) => {
    const outer = make("span", "stretch under");
    tint(outer, data.findings[place]);
    outer.style.setProperty("--depth", at + 1);
    outer.append(inner);
    inner = outer;
  });
  inner.dataset.covering = covering.join(" ");
  return inner;
};

const makeCue = (place, data) => {
  const finding = data.findings[place];
  const cue = make(data.choosable ? "button" : "span", "chip cue", finding.cue);
  tint(cue, finding);
  cue.dataset.place = place;
  cue.title = finding.title;
  if (data.choosable) cue.type = "button";
  else cue.setAttribute("role", "img");
  cue.setAttribute("aria-label", finding.name);
  return cue;
};

// A cue stays on the line of the last word of its phrase, unless that word is very long.
const makePhrase = (text, covering, ending, data) => {
  const [, before, last] = text.match(/^([^]*?)(\S{1,24}\s*)$/) || [null, text, ""];
  const parts = before ? [makeStretch(before, covering, data)] : [];
  const tail = make("span", "tail");
  if (last) tail.append(makeStretch(last, covering, data));
  tail.append(...ending.map((place) => makeCue(place, data)));
  return [...parts, tail];
};

const makePiece = ([text, covering, ending], data) => {
  if (!covering.length) return [text];
  if (!ending.length) return [makeStretch(text, covering, data)];
  return makePhrase(text, covering, ending, data);
};

// A drafted stretch is one that a person is about to mark.
const fillText = (box, data) => {
  const parts = data.segments.flatMap((segment) => {
    const piece = makePiece(segment, data);
    if (!segment[3]) return piece;
    const draft = make("span", "draft");
    draft.append(...piece);
    return [draft];
  });
  box.replaceChildren(...parts);
  box.classList.toggle("choosable", data.choosable);
  const layers = data.segments.map(([, covering]) => covering.length);
  box.style.setProperty("--layers", Math.max(1, ...layers));
};

const stretchesOf = (box, place) =>
  [...box.querySelectorAll("[data-covering]")].filter((one) =>
    one.dataset.covering.split(" ").includes(String(place)));

// The chosen phrase is filled in its own colour, every other stretch in that of its closest match.
const showChosen = (box, data) => {
  box.querySelectorAll("[data-covering]").forEach((one) => {
    const places = one.dataset.covering.split(" ").map(Number);
    const isChosen = places.includes(data.chosen);
    const fill = one.matches(".fill") ? one : one.querySelector(".fill");
    fill.classList.toggle("chosen", isChosen);
    tint(fill, data.findings[isChosen ? data.chosen : places[0]]);
  });
  box.querySelectorAll(".cue").forEach((cue) => {
    const isChosen = Number(cue.dataset.place) === data.chosen;
    cue.classList.toggle("chosen", isChosen);
    if (data.choosable) cue.setAttribute("aria-pressed", String(isChosen));
  });
};

// Another note starts at its top, wherever the last one was left.
const showTop = (root, box) => {
  box.scrollTop = 0;
  const { top } = root.getBoundingClientRect();
  if (top < 0 || top > window.innerHeight * 0.7) root.scrollIntoView({ block: "start" });
};
