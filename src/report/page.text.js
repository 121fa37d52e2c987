// @ts-check
// What the page writes: values in their units, elements, and the box beside the pointer.

/** @typedef {import("../experiments/measurement.js").Summary} Summary */

/**
 * For the unit of a row the units in which a reader gets it, with their sizes, from small to large.
 * @type {Record<string, [number, string][]>}
 */
const SHOWN_UNITS = {
  ns: [
    [1, "ns"],
    [1e3, "µs"],
    [1e6, "ms"],
    [1e9, "s"],
  ],
  "1/s": [
    [1, "/s"],
    [1e3, "k/s"],
    [1e6, "M/s"],
    [1e9, "G/s"],
  ],
};

/** The value in the unit that suits it. @param {number} value @param {string} unit @returns {[number, string]} */
export function inShownUnit(value, unit) {
  const units = SHOWN_UNITS[unit] ?? [];
  const rounded = Number(value.toPrecision(3));
  const [size, shown] = units.findLast(([size]) => rounded >= size) ?? units[0] ?? [1, unit];
  return [rounded / size, shown];
}

/** To three digits: 45.0 ns. @param {number} value @param {string} unit */
export function withUnit(value, unit) {
  const [number, shown] = inShownUnit(value, unit);
  return `${number < 1000 ? number.toPrecision(3) : number}\u00a0${shown}`;
}

/** As short as it can be: 45 ns. @param {number} value @param {string} unit */
export function shortWithUnit(value, unit) {
  const [number, shown] = inShownUnit(value, unit);
  return value === 0 ? "0" : `${Number(number.toPrecision(3))}\u00a0${shown}`;
}

/** @param {number} count @param {string} noun */
export function counted(count, noun) {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

/** @param {Summary} summary @param {(value: number) => string} format */
export function spread({ minimum, maximum, count }, format) {
  return `${format(minimum)} .. ${format(maximum)}, ${counted(count, "repetition")}`;
}

/**
 * An element with a class and what is in it; text stays text.
 * @param {string} name @param {string} className @param {(Node | string)[]} content
 */
export function element(name, className, ...content) {
  const node = document.createElement(name);
  if (className !== "") node.className = className;
  node.append(...content);
  return node;
}

const tip = element("div", "tip");
tip.hidden = true;
document.body.append(tip);
// A finger leaves with every tap; what it has shown stays until the next one.
document.addEventListener("pointerdown", hideTip, { capture: true });

/** How far the tip stays from what it tells of and from the window's edges, in CSS pixels. */
const TIP_MARGIN = 12;

/** @param {DOMRect | { left: number, top: number, height: number }} at in the window @param {(Node | string)[]} lines */
export function showTip(at, ...lines) {
  tip.replaceChildren(...lines.map((line) => (typeof line === "string" ? element("div", "", line) : line)));
  tip.hidden = false;
  const { width, height } = tip.getBoundingClientRect();
  const rightmost = document.documentElement.clientWidth - width - TIP_MARGIN;
  const left = Math.max(TIP_MARGIN, Math.min(at.left + TIP_MARGIN, rightmost));
  const above = at.top - height - TIP_MARGIN;
  tip.style.left = `${left + scrollX}px`;
  tip.style.top = `${(above >= 0 ? above : at.top + at.height + TIP_MARGIN) + scrollY}px`;
}

export function hideTip() {
  tip.hidden = true;
}

/** When a mouse or a pen leaves; see above for fingers. @param {HTMLElement} node @param {() => void} leave */
export function onPointerLeave(node, leave) {
  node.addEventListener("pointerleave", (event) => {
    if (event.pointerType !== "touch") leave();
  });
}
