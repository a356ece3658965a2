// Shows a note with its phrases.
export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".root");
  const box = root.querySelector(".text");
  const heard = root.querySelector(".heard");
  root.classList.toggle("dark", isDark(root));

  // A rerun must not take the focus away: build again only if the note is another.
  const { chosen, ...rest } = data;
  const content = JSON.stringify(rest);
  const isNew = root.shownContent !== content;
  if (isNew) {
    root.shownContent = content;
    fillHead(root.querySelector(".head"), data);
    fillText(box, data);
    const nothing = root.querySelector(".nothing");
    nothing.textContent = data.nothing;
    nothing.hidden = !data.nothing;
    heard.textContent = "";
    if (data.choosable) showTop(root, box);
  }
  showChosen(box, data);
  if (data.choosable) {
    if (!isNew && root.shownChosen !== chosen && data.findings[chosen]) {
      heard.textContent = `Explained: ${data.findings[chosen].name}`;
      box.querySelector(`[data-place="${chosen}"]`)?.scrollIntoView({ block: "nearest" });
    }
    root.shownChosen = chosen;
  }

  const choose = (place) => setTriggerValue("chosen", Number(place));
  box.tabIndex = box.scrollHeight > box.clientHeight + 1 ? 0 : -1;
  box.onclick = (event) => {
    if (!data.choosable || String(window.getSelection())) return;
    const cue = event.target.closest("button.cue");
    if (cue) return choose(cue.dataset.place);
    const stretch = event.target.closest("[data-covering]");
    if (!stretch) return;
    const places = stretch.dataset.covering.split(" ").map(Number);
    choose(places[(places.indexOf(root.shownChosen) + 1) % places.length]);
  };
  const warm = (event) => {
    const cue = event.target.closest?.("button.cue");
    if (cue) stretchesOf(box, cue.dataset.place).forEach((one) => one.classList.add("hot"));
  };
  const cool = () => box.querySelectorAll(".hot").forEach((one) => one.classList.remove("hot"));
  box.onmouseover = warm;
  box.onmouseout = cool;
  box.addEventListener("focusin", warm);
  box.addEventListener("focusout", cool);
  return () => {
    box.removeEventListener("focusin", warm);
    box.removeEventListener("focusout", cool);
  };
}
