// Shows words with bars.
export default function ({ data, parentElement }) {
  const items = data.words.map(({ word, part }) => {
    const bar = make("span", "bar");
    bar.setAttribute("aria-hidden", "true");
    bar.style.width = `${Math.max(3, 100 * part)}%`;
    const item = make("li");
    item.append(make("span", "word", word), bar);
    return item;
  });
  parentElement.querySelector(".words").replaceChildren(...items);
}
