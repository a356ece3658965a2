// What a person can do, by key or mouse. Every command has the desk first.
const labelOptions = (desk, now) =>
  desk.data.labels.map((label) => ({ id: label.id, words: label.title, chip: label, about: label.definition, picked: label.id === now }));

const stateAnswer = (desk, { id, answer, reason, comment }) =>
  addAction(desk, "answer", { phrase: id, answer, reason, comment: comment || null });

const changePhrase = (desk, phrase, parts) => {
  const { id, start, end, label, context } = { ...phrase, ...parts };
  addAction(desk, "change", { phrase: id, start, end, label, context });
  desk.show();
  desk.say("Changed.");
};

// The same answer again takes it back; another sets it and goes on to the next phrase without one.
const answerPhrase = (desk, answer, reason = null) => {
  const phrase = chosenPhrase(desk);
  if (phrase.kind === "mark") return desk.say("Your own mark needs no answer. Delete takes it away.");
  const isBack = phrase.answer === answer && !reason;
  const kept = phrase.answer === answer ? phrase.reason : null;
  stateAnswer(desk, { ...phrase, answer: isBack ? null : answer, reason: isBack ? null : reason ?? kept });
  const wasOpen = isOpen(phrase);
  desk.show();
  if (isBack) return desk.say("Answer taken back.");
  const said = ANSWERED[answer][1];
  const next = wasOpen ? nextOpen(desk) : null;
  if (!next) {
    const isOver = !desk.view.phrases.some(isOpen);
    return desk.say(`${said}.${isOver ? " Every phrase is answered." : ""}`);
  }
  desk.choose(next.id);
  desk.say(`${said}. Next: ${describe(desk, next).spoken}`);
};

const nextOpen = (desk) => {
  const { phrases } = desk.view;
  const at = phrases.findIndex(({ id }) => id === desk.chosen);
  return [...phrases.slice(at + 1), ...phrases.slice(0, at)].find(isOpen);
};

const stepPhrase = (desk, by) => {
  const { phrases } = desk.view;
  const at = phrases.findIndex(({ id }) => id === desk.chosen);
  const next = phrases[Math.min(Math.max(at + by, 0), phrases.length - 1)];
  if (!next) return desk.say("There is no phrase.");
  desk.choose(next.id);
  if (desk.shadow.activeElement !== desk.part(".list")) desk.say(describe(desk, next).spoken);
};

// Without an answer yet, a reason brings its answer with it: two keys for both.
const askReason = (desk) => {
  const phrase = chosenPhrase(desk);
  if (phrase.kind === "mark") return desk.say("Your own mark needs no reason.");
  const { reasons } = desk.data;
  const answers = phrase.answer ? [phrase.answer] : Object.keys(reasons);
  const options = answers.flatMap((answer) => (reasons[answer] ?? []).map(([id, words]) => ({
    id: { answer, reason: id }, words, picked: id === phrase.reason,
    group: `${ANSWERED[answer][0]} ${ANSWERED[answer][1]}, because`,
  })));
  if (phrase.reason) options.push({ id: { answer: phrase.answer, reason: null }, words: "No reason" });
  if (!options.length) return desk.say("There are no reasons to choose from.");
  openPalette(desk, {
    name: "Reason", options,
    choose: ({ answer, reason }) => {
      if (isOpen(phrase)) return answerPhrase(desk, answer, reason);
      stateAnswer(desk, { ...phrase, reason });
      desk.show();
      desk.say(reason ? `Reason: ${wordsOfReason(desk, { answer, reason })}` : "Reason taken back.");
    },
  });
};

const askNewLabel = (desk) => {
  const phrase = chosenPhrase(desk);
  openPalette(desk, {
    name: `Label of “${shorten(quoteOf(desk, phrase))}”`,
    options: labelOptions(desk, phrase.label),
    choose: (label) => label !== phrase.label && changePhrase(desk, phrase, { label }),
  });
};

const askContext = (desk) => {
  const phrase = chosenPhrase(desk);
  openPalette(desk, {
    name: "In the note, this is", narrows: false,
    options: desk.data.contexts.map(({ id, words }) => ({ id, words, picked: id === phrase.context })),
    choose: (context) => context !== phrase.context && changePhrase(desk, phrase, { context }),
  });
};

const askOutcome = (desk) => {
  const { outcomes } = desk.data;
  if (!outcomes.length) return desk.say("No outcome is asked for.");
  openPalette(desk, {
    name: desk.data.outcomeName, narrows: false,
    options: outcomes.map(([id, words]) => ({ id, words, picked: id === desk.view.outcome })),
    choose: (id) => setOutcome(desk, id),
  });
};

const setOutcome = (desk, id) => {
  const isBack = desk.view.outcome === id;
  addAction(desk, "outcome", { outcome: isBack ? null : id });
  desk.show();
  desk.say(isBack ? "Taken back." : `${desk.data.outcomeName}: ${desk.data.outcomes.find(([one]) => one === id)[1]}`);
};

const askColleague = (desk) => {
  const { colleagues } = desk.data;
  const { flagged } = desk.view;
  if (!colleagues.length) return desk.say("There is nobody to flag it to.");
  const options = colleagues.map((name) => ({ id: name, words: name, picked: name === flagged }));
  if (flagged) options.push({ id: null, words: "Nobody: take the flag back" });
  openPalette(desk, {
    name: "Flag to a colleague", options,
    choose: (to) => {
      addAction(desk, "flag", { to });
      desk.show();
      desk.say(to ? `Flagged to ${to}.` : "Flag taken back.");
    },
  });
};

const removeMark = (desk) => {
  const phrase = chosenPhrase(desk);
  if (phrase.kind !== "mark") return desk.say("Only your own marks can be taken away; X dismisses this one.");
  addAction(desk, "remove", { phrase: phrase.id });
  desk.show();
  desk.say("Mark taken away.");
};

const writeComment = (desk) => {
  hide(desk.part(".phrase-comment-box"), false);
  desk.part(".phrase-comment").focus();
};

const undoLast = (desk) => {
  addAction(desk, "undo");
  desk.show();
  desk.say("Undone.");
};

const leaveNote = (desk, kind, parts) => {
  addAction(desk, kind, parts);
  desk.show();
  desk.say("Opening …");
};

const toggleGuide = (desk) => {
  desk.memory.guide = !desk.memory.guide;
  desk.show();
};

const closeAll = (desk) => {
  dropSelection(desk.part(".text"));
  showFloating(desk);
  showAlert(desk, "");
};

// Comments are kept when the box is left or Enter is pressed; Escape gives the old words back.
const keepBox = (desk, box) => {
  const words = (box.value.toWellFormed?.() ?? box.value).trim();
  const [note, id] = (box.meant ?? "").split(/ (.*)/s);
  if (Number(note) !== desk.data.note || !desk.data.decides) return;
  if (box.matches(".note-comment")) {
    if (words !== desk.view.comment) addAction(desk, "comment", { comment: words });
    return;
  }
  const phrase = desk.view.phrases.find((one) => one.id === id);
  if (!phrase || phrase.comment === words) return;
  if (phrase.kind === "finding") return stateAnswer(desk, { ...phrase, comment: words });
  const { start, end, label, context } = phrase;
  addAction(desk, "change", { phrase: id, start, end, label, context, comment: words });
};

const boxKey = (desk, event) => {
  const box = event.target;
  if (event.isComposing || (event.key === "Enter" && event.shiftKey)) return false;
  if (event.key === "Escape") box.value = box.matches(".note-comment") ? desk.view.comment : chosenPhrase(desk)?.comment ?? "";
  else if (event.key !== "Enter") return false;
  desk.home();
  return true;
};

const COMMANDS = {
  nextPhrase: (desk) => stepPhrase(desk, 1),
  previousPhrase: (desk) => stepPhrase(desk, -1),
  accept: (desk) => answerPhrase(desk, "accept"),
  dismiss: (desk) => answerPhrase(desk, "dismiss"),
  unsure: (desk) => answerPhrase(desk, "unsure"),
  reason: askReason,
  comment: writeComment,
  label: askNewLabel,
  context: askContext,
  extent: (desk, { isExact }) => startExtent(desk, isExact),
  remove: removeMark,
  mark: (desk, { isExact }) => startMark(desk, isExact),
  snap: toggleSnap,
  keepDraft,
  leaveDraft,
  outcome: askOutcome,
  noteComment: (desk) => desk.part(".note-comment").focus(),
  flag: askColleague,
  undo: undoLast,
  done: (desk) => leaveNote(desk, "done"),
  nextNote: (desk) => leaveNote(desk, "go", { to: "next" }),
  previousNote: (desk) => leaveNote(desk, "go", { to: "previous" }),
  guide: toggleGuide,
  help: (desk) => openHelp(desk),
  close: closeAll,
};
