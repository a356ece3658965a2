// Extents of a text, as Python counts them: in code points, where JavaScript counts UTF-16 units.
const countLetters = (text) => {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
};

const cutLetters = (text, { start, end }) => Array.from(text).slice(start, end).join("");

// Words as people see them, a hyphened one is one; pictures count as words, punctuation does not.
const findWords = (text) => {
  const words = [];
  let at = 0;
  let between = null;
  for (const { segment, isWordLike } of new Intl.Segmenter("en", { granularity: "word" }).segment(text)) {
    const end = at + countLetters(segment);
    if (!isWordLike && !/\p{Extended_Pictographic}|\p{RI}/u.test(segment)) {
      between = between === null ? null : between + segment;
    } else {
      if (between === "-") words.at(-1).end = end;
      else words.push({ start: at, end });
      between = "";
    }
    at = end;
  }
  return words;
};

// What a reader sees as one letter: an emoji with its skin tone, a letter with its accent.
const findClusters = (text) => {
  const clusters = [];
  let at = 0;
  for (const { segment } of new Intl.Segmenter("en", { granularity: "grapheme" }).segment(text)) {
    const end = at + countLetters(segment);
    clusters.push({ start: at, end });
    at = end;
  }
  return clusters;
};

const trimExtent = (text, { start, end }) => {
  const letters = Array.from(text);
  while (start < end && !letters[start].trim()) start += 1;
  while (start < end && !letters[end - 1].trim()) end -= 1;
  return start < end ? { start, end } : null;
};

const touching = (units, extent) =>
  units.filter((unit) => unit.start < extent.end && extent.start < unit.end);

// Widen to whole units; where there is none, as in a row of dots, nothing changes.
const snapExtent = (units, extent) => {
  const hit = touching(units, extent);
  return hit.length ? { start: hit[0].start, end: hit.at(-1).end } : extent;
};

// One step of an end or a start over units (words or letters); at a border it stays.
const stepExtent = (units, { start, end }, edge, by) => {
  if (edge === "end") {
    const next = by > 0
      ? units.find((unit) => unit.end > end)
      : units.findLast((unit) => unit.end < end && unit.end > start);
    return { start, end: next ? next.end : end };
  }
  const next = by > 0
    ? units.find((unit) => unit.start > start && unit.start < end)
    : units.findLast((unit) => unit.start < start);
  return { start: next ? next.start : start, end };
};

const stepCursor = (units, { start, end }, by) => {
  const next = by > 0
    ? units.find((unit) => unit.start >= end)
    : units.findLast((unit) => unit.end <= start);
  return next ? { ...next } : { start, end };
};

// Cut the text at every border of a phrase, and of the draft; the closest match comes first.
const cutText = (text, phrases, draft) => {
  const letters = Array.from(text);
  const extents = draft ? [...phrases, draft] : phrases;
  const borders = new Set([0, letters.length]);
  extents.forEach(({ start, end }) => borders.add(start).add(end));
  const sorted = [...borders].sort((a, b) => a - b);
  const rank = (place) => {
    const { answer, context, score } = phrases[place];
    return (answer === "dismiss" ? 4 : 0) + (context === "affirmed" ? 0 : 2) - (score ?? 1);
  };
  return sorted.slice(1).map((end, at) => {
    const start = sorted[at];
    const covering = phrases
      .map((_, place) => place)
      .filter((place) => phrases[place].start <= start && end <= phrases[place].end);
    const ending = covering.filter((place) => phrases[place].end === end);
    const isDraft = Boolean(draft) && draft.start <= start && end <= draft.end;
    return [letters.slice(start, end).join(""), covering.sort((a, b) => rank(a) - rank(b)), ending, isDraft];
  });
};
