// What is said of the note as a whole: outcome, comment, flag.
const showNote = (desk) => {
  const { data, view } = desk;
  const outcomes = desk.part(".outcomes");
  setContent(outcomes, data.outcomes, () => [
    makeOutcomeName(data.outcomeName),
    ...data.outcomes.map(([id, words], at) => {
      const button = make("button", "outcome", words);
      button.type = "button";
      button.dataset.outcome = id;
      button.prepend(unspoken(make("kbd", "", String(at + 1))));
      return button;
    }),
  ]);
  outcomes.querySelectorAll(".outcome").forEach((button) => {
    button.setAttribute("aria-pressed", String(button.dataset.outcome === view.outcome));
    button.setAttribute("aria-disabled", String(!data.decides));
  });
  hide(outcomes, !data.outcomes.length);
  desk.part(".note-comment-name").textContent = data.commentName;
  showBox(desk, ".note-comment", view.comment, `${data.note}`);
  hide(desk.part(".flag-line"), !data.colleagues.length && !view.flagged);
  hide(desk.part('[data-do="flag"]'), !data.decides || !data.colleagues.length);
  desk.part(".flagged").textContent = view.flagged ? `Flagged to ${view.flagged}` : "";
};

const makeOutcomeName = (words) => {
  const name = make("span", "name", `${words} `);
  name.append(unspoken(make("kbd", "", "O")));
  return name;
};

const showBar = (desk) => {
  const { decides } = desk.data;
  for (const name of ["undo", "done"]) hide(desk.part(`.bar [data-do="${name}"]`), !decides);
  hide(desk.part(".marking"), !decides);
  desk.part('[data-do="snap"]').setAttribute("aria-pressed", String(desk.memory.snap));
};
