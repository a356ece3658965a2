// Shared by the components. Everything from a file is set with textContent, never as markup.
const isDark = (root) => {
  const [r, g, b] = (getComputedStyle(root).color.match(/[\d.]+/g) || [0, 0, 0]).map(Number);
  return r * 0.299 + g * 0.587 + b * 0.114 > 128; // light letters, so a dark page
};

const make = (tag, className, text) => {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text !== undefined) element.textContent = text;
  return element;
};
