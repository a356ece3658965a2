// A list to choose from by letters, digits, arrows or mouse; a modal dialog keeps the focus and gives it back.
// Options: { id, words, line?, chip?, group?, about?, picked? }.
const openPalette = (desk, { name, options, choose, leave, narrows = true }) => {
  const dialog = desk.part(".palette");
  const input = dialog.querySelector("input");
  const selected = selectedExtent(desk.part(".text"), desk.data.text);
  desk.palette = { options, choose, leave, selected, shown: [], at: 0, back: desk.shadow.activeElement };
  dialog.querySelector(".palette-name").textContent = name;
  input.value = "";
  input.classList.toggle("narrow", !narrows);
  dialog.showModal();
  input.focus();
  narrowPalette(desk, "");
};

const plain = (words) => words.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

const narrowPalette = (desk, typed) => {
  const { palette } = desk;
  const wanted = plain(typed).split(/\s+/).filter(Boolean);
  const fits = ({ words, line = "", chip }) => {
    const all = plain(`${chip?.cue ?? ""} ${words} ${line}`);
    return wanted.every((one) => all.includes(one));
  };
  const starts = ({ words, chip }) =>
    wanted.length && (plain(words).startsWith(wanted[0]) || plain(chip?.cue ?? "").startsWith(wanted[0]));
  const found = palette.options.filter(fits);
  palette.shown = [...found.filter(starts), ...found.filter((one) => !starts(one))];
  palette.at = Math.max(0, wanted.length ? 0 : palette.shown.findIndex(({ picked }) => picked));
  fillPalette(desk);
};

const fillPalette = (desk) => {
  const box = desk.part(".options");
  let group;
  box.replaceChildren(...desk.palette.shown.flatMap((option, at) => {
    const row = make("div", "option");
    row.id = `option-${at}`;
    row.setAttribute("role", "option");
    row.dataset.at = at;
    row.append(make("kbd", at < 9 ? "" : "none", at < 9 ? String(at + 1) : ""));
    if (option.chip) row.append(makeChip(option.chip, option.chip.cue));
    row.append(make("bdi", "words", option.words));
    if (option.picked) row.append(make("span", "now", "now"));
    if (!option.group || option.group === group) return [row];
    group = option.group;
    const name = make("div", "group", group);
    name.setAttribute("role", "presentation");
    return [name, row];
  }));
  if (!desk.palette.shown.length) box.append(make("p", "none", "Nothing of that name."));
  pointAt(desk, desk.palette.at);
};

const pointAt = (desk, at) => {
  const { palette } = desk;
  const rows = [...desk.part(".options").querySelectorAll(".option")];
  palette.at = Math.min(Math.max(at, 0), rows.length - 1);
  rows.forEach((row, place) => row.setAttribute("aria-selected", String(place === palette.at)));
  const input = desk.part(".palette input");
  if (rows.length) input.setAttribute("aria-activedescendant", `option-${palette.at}`);
  else input.removeAttribute("aria-activedescendant");
  rows[palette.at]?.scrollIntoView({ block: "nearest" });
  desk.part(".about").textContent = palette.shown[palette.at]?.about ?? "";
};

const pickOption = (desk, at) => {
  const option = desk.palette?.shown[at];
  if (!option) return;
  const { choose } = desk.palette;
  shutPalette(desk);
  choose(option.id);
};

const shutPalette = (desk) => {
  const { palette } = desk;
  desk.palette = null;
  desk.part(".palette").close();
  if (palette?.back?.isConnected) palette.back.focus({ preventScroll: true });
  if (palette?.selected) selectExtent(desk.part(".text"), palette.selected);
};

const leavePalette = (desk) => {
  const leave = desk.palette?.leave;
  shutPalette(desk);
  leave?.();
};

const paletteKey = (desk, event) => {
  const { at } = desk.palette;
  const steps = { ArrowDown: at + 1, ArrowUp: at - 1, PageDown: at + 6, PageUp: at - 6 };
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return false;
  if (event.key in steps) pointAt(desk, steps[event.key]);
  else if (event.key === "Escape") leavePalette(desk);
  else if (event.key === "Enter" && event.target.matches("input")) pickOption(desk, at);
  else if (/^[1-9]$/.test(event.key)) pickOption(desk, Number(event.key) - 1);
  else return false;
  return true;
};

const startPalette = (desk) => {
  const dialog = desk.part(".palette");
  dialog.querySelector("input").oninput = (event) => narrowPalette(desk, event.target.value);
  dialog.addEventListener("cancel", (event) => {
    event.preventDefault();
    leavePalette(desk);
  });
  dialog.onclick = (event) => {
    const row = event.target.closest(".option");
    if (row) pickOption(desk, Number(row.dataset.at));
    else if (event.target === dialog || event.target.closest(".close")) leavePalette(desk);
  };
};
