// From what is selected in the page to offsets of the text, and back. Cues are not part of the text.
const textNodes = (box) => {
  const walker = document.createTreeWalker(box, NodeFilter.SHOW_TEXT, (node) =>
    node.parentElement.closest(".cue") ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT);
  const nodes = [];
  while (walker.nextNode()) nodes.push(walker.currentNode);
  return nodes;
};

// Letters of the box before a boundary point; outside the box, none or all of them.
const offsetAt = (box, node, at) => {
  const nodes = textNodes(box);
  if (!box.contains(node)) {
    const isBefore = box.compareDocumentPosition(node) & Node.DOCUMENT_POSITION_PRECEDING;
    return isBefore ? 0 : nodes.reduce((sum, one) => sum + countLetters(one.data), 0);
  }
  const before = document.createRange();
  before.setStart(box, 0);
  before.setEnd(node, at);
  let count = 0;
  for (const one of nodes) {
    if (one === node) return count + countLetters(one.data.slice(0, at));
    if (before.comparePoint(one, 0) > 0) return count;
    count += countLetters(one.data);
  }
  return count;
};

const placeOf = (box, offset) => {
  let left = offset;
  let last = null;
  for (const node of textNodes(box)) {
    const length = countLetters(node.data);
    if (left <= length) return [node, cutLetters(node.data, { start: 0, end: left }).length];
    left -= length;
    last = node;
  }
  return last ? [last, last.data.length] : [box, 0];
};

const rangeOf = (box, { start, end }) => {
  const range = document.createRange();
  range.setStart(...placeOf(box, start));
  range.setEnd(...placeOf(box, end));
  return range;
};

// Selections inside a shadow tree: the standard way, then Chromium's own.
const selectedRange = (box) => {
  const shadow = box.getRootNode();
  const selection = document.getSelection();
  const ranges = selection?.getComposedRanges?.({ shadowRoots: [shadow] });
  if (ranges?.length) return ranges[0];
  const inside = shadow.getSelection?.() ?? selection;
  return inside?.rangeCount ? inside.getRangeAt(0) : null;
};

// Give the extent of the selected text, without white space around it; null if there is none.
const selectedExtent = (box, text) => {
  const range = selectedRange(box);
  if (!range || range.collapsed) return null;
  const { startContainer, startOffset, endContainer, endOffset } = range;
  if (!box.contains(startContainer) && !box.contains(endContainer)) return null;
  const start = offsetAt(box, startContainer, startOffset);
  const end = offsetAt(box, endContainer, endOffset);
  return start < end ? trimExtent(text, { start, end }) : null;
};

const inSelection = (box) => box.getRootNode().getSelection?.() ?? document.getSelection();

const selectExtent = (box, extent) => {
  const { startContainer, startOffset, endContainer, endOffset } = rangeOf(box, extent);
  inSelection(box).setBaseAndExtent(startContainer, startOffset, endContainer, endOffset);
};

const dropSelection = (box) => {
  if (selectedRange(box)) inSelection(box).removeAllRanges();
};
