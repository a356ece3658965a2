// What a person has done and the page has not stored yet. Nothing leaves this list until Python says so.
const MEMORY = new Map(); // of each desk by its key, so that it outlives a component that is built again
const PATIENCE = 4000; // milliseconds until a waiting person is told, and the list is sent again

const memoryOf = (key) => {
  if (!MEMORY.has(key)) MEMORY.set(key, { pending: [], snap: true, guide: true });
  return MEMORY.get(key);
};

window.addEventListener("beforeunload", (event) => {
  if ([...MEMORY.values()].some(({ pending }) => pending.length)) event.preventDefault();
});

// randomUUID is there only where the page came over HTTPS or from this machine.
const newKey = () => {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
};

const APPLY = {
  answer: (view, { phrase, answer, reason, comment }) =>
    alter(view, phrase, { answer: answer ?? null, reason: reason ?? null, comment: comment ?? "" }),
  // To change a finding is to accept it as changed.
  change: (view, { phrase, start, end, label, context, comment }) => {
    const one = view.phrases.find(({ id }) => id === phrase);
    if (!one) return;
    Object.assign(one, { start, end, label, context, changed: true, comment: comment ?? one.comment });
    if (one.kind === "finding") Object.assign(one, { answer: "accept", reason: one.answer === "accept" ? one.reason : null });
  },
  mark: (view, { key, start, end, label, context }) =>
    view.phrases.push({ id: key, kind: "mark", start, end, label, context, score: null, match: "", answer: null, reason: null, comment: "", changed: false }),
  remove: (view, { phrase }) => { view.phrases = view.phrases.filter(({ id }) => id !== phrase); },
  outcome: (view, { outcome }) => { view.outcome = outcome ?? null; },
  comment: (view, { comment }) => { view.comment = comment; },
  flag: (view, { to }) => { view.flagged = to ?? null; },
  done: (view) => { view.leaving = true; },
  go: (view) => { view.leaving = true; },
};

const alter = (view, id, parts) => {
  const one = view.phrases.find((phrase) => phrase.id === id);
  if (one) Object.assign(one, parts);
};

// Show what is stored as it will be once everything that waits is stored too.
const viewOf = (data, pending) => {
  const standing = [];
  pending.filter(({ note }) => note === data.note).forEach((action) => {
    if (action.kind !== "undo") return standing.push(action);
    const last = standing.findLastIndex(({ kind }) => kind !== "go");
    if (last >= 0) standing.splice(last, 1);
  });
  const view = {
    phrases: data.phrases.map((one) => ({ ...one })),
    outcome: data.outcome, comment: data.comment, flagged: data.flagged, leaving: false,
  };
  standing.forEach((action) => APPLY[action.kind](view, action));
  view.phrases.sort((a, b) => a.start - b.start || a.end - b.end);
  return view;
};

const send = (desk) => desk.setState("actions", desk.memory.pending.map((one) => ({ ...one })));

const addAction = (desk, kind, parts = {}) => {
  const action = { key: newKey(), note: desk.data.note, kind, ...parts };
  desk.memory.pending.push(action);
  desk.seen = desk.seen.filter((key) => key !== action.key);
  send(desk);
  showSaving(desk);
  return action;
};

// Forget what Python has taken; say what it refused.
const settleActions = (desk) => {
  const { taken, refused, seen } = desk.data;
  const { pending } = desk.memory;
  const over = new Set([...taken, ...Object.keys(refused)]);
  const reasons = [...new Set(pending.filter(({ key }) => key in refused).map(({ key }) => refused[key]))];
  desk.memory.pending = pending.filter(({ key }) => !over.has(key));
  desk.seen = seen;
  if (reasons.length) showAlert(desk, `Not saved: ${reasons.join("; ")}`);
  showSaving(desk);
};

const showAlert = (desk, words) => {
  const alert = desk.part(".alert");
  alert.textContent = words;
  alert.hidden = !words;
};

const showSaving = (desk) => {
  const saved = desk.part(".saved");
  const waits = desk.memory.pending.length > 0;
  clearTimeout(desk.timer);
  if (waits) {
    desk.everSent = true;
    if (!saved.classList.contains("late")) saved.textContent = "Saving …";
    desk.timer = setTimeout(() => remind(desk), PATIENCE);
  } else {
    saved.textContent = desk.everSent ? "Saved" : "";
  }
  saved.classList.toggle("waits", waits);
  if (!waits) saved.classList.remove("late");
};

// A list that Python never saw, as after a lost connection, is sent again.
const remind = (desk) => {
  const saved = desk.part(".saved");
  saved.textContent = "Not saved yet. Keep this page open.";
  saved.classList.add("late");
  if (!desk.memory.pending.every(({ key }) => desk.seen.includes(key))) send(desk);
  desk.timer = setTimeout(() => remind(desk), PATIENCE);
};
