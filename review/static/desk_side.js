// Beside the text: the list of phrases, the chosen one, and what its label means.
const setContent = (element, content, build) => {
  const shown = JSON.stringify(content);
  if (element.shownContent === shown) return;
  element.shownContent = shown;
  element.replaceChildren(...build());
};

const hide = (element, isHidden) => { element.hidden = isHidden; };

const chosenPhrase = (desk) => desk.view.phrases.find(({ id }) => id === desk.chosen);

const isOpen = ({ kind, answer }) => kind === "finding" && !answer;

const sayCount = (phrases) => {
  const findings = phrases.filter(({ kind }) => kind === "finding");
  const open = findings.filter(isOpen).length;
  const marks = phrases.length - findings.length;
  return [
    findings.length ? `${findings.length - open} of ${findings.length} answered` : "",
    marks ? `${marks} marked` : "",
  ].filter(Boolean).join(", ");
};

const makeRow = (desk, phrase, at) => {
  const label = labelOf(desk, phrase.label);
  const [sign, word] = ANSWERED[phrase.answer] ?? ["", phrase.kind === "mark" ? "marked" : "open"];
  const row = make("div", "row");
  row.id = `phrase-${at}`;
  row.dataset.id = phrase.id;
  if (phrase.answer) row.dataset.answer = phrase.answer;
  row.setAttribute("role", "option");
  const top = make("span", "top");
  const chip = makeChip({ ...label, context: phrase.context }, [label.cue, contextOf(desk, phrase.context).cue].filter(Boolean).join(" "));
  top.append(chip, make("span", "title", label.title), make("span", "answer", `${sign} ${word}`.trim()));
  const quote = make("bdi", "phrase-words", quoteOf(desk, phrase));
  quote.dir = "auto";
  const facts = [phrase.match, phrase.changed ? "changed" : "", phrase.reason ? wordsOfReason(desk, phrase) : "", phrase.comment ? "comment" : ""];
  row.append(top, quote, make("span", "aside", facts.filter(Boolean).join(" · ")));
  return row;
};

const wordsOfReason = (desk, { answer, reason }) =>
  (desk.data.reasons[answer] ?? []).find(([id]) => id === reason)?.[1] ?? reason;

const showList = (desk) => {
  const list = desk.part(".list");
  const { phrases } = desk.view;
  setContent(list, [desk.data.note, phrases, desk.data.labels.length], () => phrases.map((phrase, at) => makeRow(desk, phrase, at)));
  hide(list, !phrases.length);
  const nothing = desk.part(".nothing");
  hide(nothing, phrases.length > 0);
  nothing.textContent = desk.canAct() ? "No phrase is marked. If you see one, mark it (M)." : "No phrase is marked.";
  desk.part(".count").textContent = sayCount(phrases);
  const rows = [...list.children];
  const current = rows.find(({ dataset }) => dataset.id === desk.chosen);
  rows.forEach((row) => row.setAttribute("aria-selected", String(row === current)));
  if (current) list.setAttribute("aria-activedescendant", current.id);
  else list.removeAttribute("aria-activedescendant");
  if (current) revealRow(list, current);
};

// Only the list scrolls, never the page around it.
const revealRow = (list, row) => {
  const above = row.offsetTop - list.scrollTop;
  if (above < 0) list.scrollTop = row.offsetTop;
  else if (above + row.offsetHeight > list.clientHeight) list.scrollTop = row.offsetTop + row.offsetHeight - list.clientHeight;
};

const showPhrase = (desk) => {
  const phrase = chosenPhrase(desk);
  const isMark = phrase?.kind === "mark";
  hide(desk.part(".phrase-card"), !phrase);
  if (!phrase) return;
  const quote = desk.part(".quote");
  quote.textContent = shorten(quoteOf(desk, phrase), 220);
  quote.dir = "auto";
  hide(desk.part(".answers"), isMark || !desk.data.decides);
  hide(desk.part(".tools"), !desk.data.decides);
  for (const answer of ["accept", "dismiss", "unsure"]) {
    desk.part(`[data-do="${answer}"]`).setAttribute("aria-pressed", String(phrase.answer === answer));
  }
  hide(desk.part('[data-do="reason"]'), isMark || !Object.keys(desk.data.reasons).length);
  hide(desk.part('[data-do="remove"]'), !isMark);
  showSaid(desk, phrase);
  showBox(desk, ".phrase-comment", phrase.comment, `${desk.data.note} ${phrase.id}`);
  hide(desk.part(".phrase-comment-box"), !phrase.comment && desk.shadow.activeElement !== desk.part(".phrase-comment"));
};

const showSaid = (desk, phrase) => {
  const { title } = labelOf(desk, phrase.label);
  const facts = [
    `${phrase.kind === "mark" ? "Your mark: " : ""}${title}${phrase.changed ? " (changed)" : ""}`,
    contextOf(desk, phrase.context).words,
    phrase.match,
    phrase.reason ? `reason: ${wordsOfReason(desk, phrase)}` : "",
  ];
  desk.part(".said").textContent = facts.filter(Boolean).join(" · ");
};

// A box keeps what is being typed; it takes what is stored when nobody types, or another is meant.
const showBox = (desk, selector, words, meant) => {
  const box = desk.part(selector);
  box.maxLength = desk.data.longest;
  box.readOnly = !desk.data.decides;
  if (desk.shadow.activeElement === box && box.meant === meant) return;
  box.meant = meant;
  box.value = words;
};

const showGuide = (desk) => {
  const isShown = desk.memory.guide;
  const label = labelOf(desk, chosenPhrase(desk)?.label);
  desk.part('[data-do="guide"]').setAttribute("aria-expanded", String(isShown));
  hide(desk.part(".guide"), !label);
  hide(desk.part(".meaning"), !isShown);
  if (label) setContent(desk.part(".meaning"), label, () => makeMeaning(label));
};

const makeMeaning = (label) => {
  const head = make("p", "meaning-head");
  head.append(makeChip(label, label.cue), make("b", "", label.title));
  return [
    head,
    make("p", "", label.definition),
    ...makeLines("Typical evidence", label.evidence.map((line) => `“${line}”`), "evidence"),
    ...makeLines("Not this", label.look_alikes, "look-alikes"),
    makeSources(label.sources),
  ];
};

const makeLines = (name, lines, className) => {
  if (!lines.length) return [];
  const list = make("ul", className);
  list.append(...lines.map((line) => make("li", "", line)));
  return [make("h3", "", name), list];
};

const makeSources = (sources) => {
  const details = make("details", "sources");
  details.append(make("summary", "", "Sources"));
  for (const { name, items, reference } of sources) {
    const line = make("p");
    line.append(make("b", "", name), ` ${items.join("; ")}. `, make("small", "", reference.trim()));
    details.append(line);
  }
  details.hidden = !sources.length;
  return details;
};
