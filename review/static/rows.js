// Shows a list to choose from.
const makeChip = ({ title, context, light, dark }) => {
  const chip = make("span", `chip tinted ${context}`, title);
  chip.style.setProperty("--c-light", light);
  chip.style.setProperty("--c-dark", dark);
  return chip;
};

const makeRow = (row) => {
  const button = make("button", row.kind ? `row ${row.kind}` : "row");
  button.type = "button";
  button.dataset.id = row.id;
  const top = make("span", "top");
  const title = make("bdi", "title", row.title);
  top.append(title, make("span", "aside", row.aside));
  button.append(top);
  if (row.chips?.length) {
    const chips = make("span", "chips");
    chips.append(...row.chips.map(makeChip));
    if (row.line) chips.append(make("span", "line more", row.line));
    button.append(chips);
  } else if (row.line) {
    button.append(make("span", "line", row.line));
  }
  const item = make("li");
  item.append(button);
  return item;
};

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".root");
  const list = root.querySelector(".rows");
  root.classList.toggle("dark", isDark(root));
  list.setAttribute("aria-label", data.name);

  // A rerun must not take the focus away: build again only if the rows are others.
  const content = JSON.stringify(data.rows);
  if (root.shownContent !== content) {
    root.shownContent = content;
    list.replaceChildren(...data.rows.map(makeRow));
  }
  const buttons = [...list.querySelectorAll(".row")];
  const current = buttons.find((one) => Number(one.dataset.id) === data.chosen);
  buttons.forEach((one) => {
    one.setAttribute("aria-current", String(one === current));
    one.tabIndex = one === (current || buttons[0]) ? 0 : -1;
  });
  if (root.shownChosen !== data.chosen) current?.scrollIntoView({ block: "nearest" });
  root.shownChosen = data.chosen;

  list.onclick = (event) => {
    const row = event.target.closest(".row");
    if (row) setTriggerValue("chosen", Number(row.dataset.id));
  };
  list.onkeydown = (event) => {
    const at = buttons.indexOf(event.target.closest(".row"));
    const steps = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: buttons.length - 1 };
    const next = buttons[steps[event.key]];
    if (!(event.key in steps) || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    event.stopPropagation();
    next?.focus();
  };
}
