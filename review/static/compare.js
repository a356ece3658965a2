// Shows a note with the marks of two or three readings, and every phrase with its reason.
const LINES = { R: "ref", Y: "you", M: "model" };

const makeMarkedText = (text, lines) => {
  const stretch = make("span", "marked", text);
  for (const [who, isEvidence] of Object.entries(lines)) {
    stretch.classList.add(LINES[who]);
    if (!isEvidence) stretch.classList.add(`${LINES[who]}-aside`);
  }
  return stretch;
};

const makePhraseCue = (cue, data) => {
  const shown = `${cue.row + 1} ${[...cue.who].join("+")} ${cue.cue}`;
  const button = make("button", "chip cue", shown);
  const whose = data.rows[cue.row].marks.filter((one) => cue.who.includes(one.who));
  button.type = "button";
  button.dataset.row = cue.row;
  button.title = cue.title;
  button.setAttribute("aria-label",
    `${shown}, ${whose.map((one) => one.name).join(" and ")}: ${cue.title}`);
  tint(button, cue);
  return button;
};

// A cue stays on the line of the last word of its phrase, unless that word is very long.
const makeComparedPiece = ([text, rows, lines, cues], data) => {
  if (!rows.length) return [text];
  const [, before, last] = cues.length
    ? text.match(/^([^]*?)(\S{1,24}\s*)$/) || [null, text, ""]
    : [null, text, ""];
  const parts = [before, last].map((words) => {
    const stretch = makeMarkedText(words, lines);
    stretch.dataset.rows = rows.join(" ");
    return stretch;
  });
  if (!cues.length) return parts.slice(0, 1);
  const tail = make("span", "tail");
  if (last) tail.append(parts[1]);
  tail.append(...cues.map((cue) => makePhraseCue(cue, data)));
  return before ? [parts[0], tail] : [tail];
};

const makeLegend = (data) => {
  const legend = make("p", "legend");
  for (const [who, words] of data.legend) {
    const entry = make("span", "entry");
    entry.append(make("span", "letter", who), makeMarkedText(words, { [who]: true }));
    legend.append(entry);
  }
  legend.append(make("span", "entry aside", "broken line: marked as no evidence"));
  return legend;
};

const makeList = (items) => {
  const list = make("ul");
  list.append(...items.map((words) => make("li", "", words)));
  return list;
};

const makeDetails = (title, parts) => {
  const details = make("details");
  details.append(make("summary", "", title), ...parts);
  return details;
};

const makeGuide = (label) => {
  const parts = label.definition ? [make("p", "", label.definition)] : [];
  if (label.look_alikes.length)
    parts.push(make("p", "lead", "Resembles it, but is not"), makeList(label.look_alikes));
  if (label.sources.length) {
    parts.push(make("p", "lead", "Sources"));
    for (const [name, items, reference] of label.sources) {
      const source = make("p", "source");
      source.append(make("strong", "", name), `: ${items}. `, make("span", "soft", reference));
      parts.push(source);
    }
  }
  return makeDetails(`${label.title}: definition, look-alikes and sources`, parts);
};

const makeAdvice = (label, advice) => {
  const parts = [make("p", "lead", "First"), makeList(advice.safety),
    make("p", "lead", "What could have been asked next"), makeList(label.advice.ask),
    make("p", "lead", "What could have been recorded"), makeList(label.advice.record)];
  if (label.advice.instead.length)
    parts.push(make("p", "lead", "What could have been written instead"), makeList(label.advice.instead));
  parts.push(make("p", "soft", advice.about));
  return makeDetails(`${label.title}: what could have been asked and recorded`, parts);
};

const makeCard = (place, data) => {
  const row = data.rows[place];
  const card = make("li", "card");
  card.dataset.row = place;
  card.tabIndex = -1;
  const head = make("div", "card-head");
  const button = make("button", "number", String(place + 1));
  button.type = "button";
  button.dataset.row = place;
  button.setAttribute("aria-label", `${place + 1}, show in the note`);
  head.append(button);
  for (const mark of row.marks) {
    const chip = make("span", "chip", `${mark.who} ${mark.cue}`);
    tint(chip, mark);
    const whose = make("span", "whose");
    whose.append(chip, make("span", "", `${mark.name}: ${mark.title}`));
    head.append(whose);
  }
  const phrase = make("p", "phrase", row.phrase);
  phrase.dir = "auto";
  card.append(head, phrase, make("p", "reason", row.reason));
  if (row.model) card.append(make("p", "reason", row.model));
  for (const id of row.labels) card.append(makeGuide(data.labels[id]));
  const asked = data.labels[row.asked];
  if (asked && asked.advice) card.append(makeAdvice(asked, data.advice));
  return card;
};

const makeDid = (data) => {
  const section = make("section", "did");
  section.append(make("h2", "", "What the note did"));
  if (!data.did.length) section.append(make("p", "", "It does not say."));
  for (const one of data.did) {
    const words = make("p", one.quoted ? "phrase" : "");
    words.append(one.words);
    words.dir = "auto";
    section.append(words);
    if (one.dismissive)
      section.append(make("p", "soft", "The reference has this as dismissive wording: the note's own voice, not the caller's."));
  }
  return section;
};

const fillComparison = (box, data) => {
  const words = make("div", "words");
  words.append(make("p", "summary", data.summary), makeLegend(data));
  const text = make("div", "text");
  text.dir = "auto";
  text.append(...data.segments.flatMap((segment) => makeComparedPiece(segment, data)));
  const note = make("section", "note-side");
  note.setAttribute("aria-label", "The note with all marks");
  note.append(text);
  const side = make("section", "list-side");
  side.setAttribute("aria-label", "Phrase by phrase");
  for (const group of data.groups) {
    const list = make("ol");
    list.append(...group.rows.map((place) => makeCard(place, data)));
    side.append(make("h2", "", `${group.title} (${group.rows.length})`), list);
  }
  side.append(makeDid(data), ...data.words.map((one) => make("p", "soft standing", one)));
  const both = make("div", "both");
  both.append(note, side);
  box.replaceChildren(words, both);
};

const choosePhrase = (box, place) => {
  box.querySelectorAll("[data-rows]").forEach((one) =>
    one.classList.toggle("chosen", one.dataset.rows.split(" ").includes(place)));
  box.querySelectorAll(".cue, .card").forEach((one) => {
    one.classList.toggle("chosen", one.dataset.row === place);
    if (one.matches(".cue")) one.setAttribute("aria-pressed", String(one.dataset.row === place));
  });
};

const goTo = (element) => {
  if (!element) return;
  element.scrollIntoView({ block: "nearest" });
  element.focus({ preventScroll: true });
};

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".root");
  const box = root.querySelector(".compare");
  root.classList.toggle("dark", isDark(root));

  // A rerun must not take the focus away, or close what was opened.
  const content = JSON.stringify(data);
  if (root.shownContent !== content) {
    root.shownContent = content;
    fillComparison(box, data);
    choosePhrase(box, "");
  }
  const noteSide = box.querySelector(".note-side");
  noteSide.tabIndex = noteSide.scrollHeight > noteSide.clientHeight + 1 ? 0 : -1;

  box.onclick = (event) => {
    const number = event.target.closest(".number");
    const cue = event.target.closest("button.cue");
    const stretch = event.target.closest("[data-rows]");
    if (number) {
      choosePhrase(box, number.dataset.row);
      goTo(box.querySelector(`.cue[data-row="${number.dataset.row}"]`));
    } else if (cue || (stretch && !String(window.getSelection()))) {
      const places = cue ? [cue.dataset.row] : stretch.dataset.rows.split(" ");
      const shown = box.querySelector(".card.chosen")?.dataset.row;
      const place = places[(places.indexOf(shown) + 1) % places.length];
      choosePhrase(box, place);
      goTo(box.querySelector(`.card[data-row="${place}"]`));
    }
  };
}
