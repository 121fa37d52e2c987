// The box beside the pointer; the page has one.
import "./tip.css";
import { element } from "./element.js";

/** How far the tip stays from what it tells of and from the window's edges, in CSS pixels. */
const MARGIN = 12;

const tip = element("div", "tip");
tip.hidden = true;
document.body.append(tip);
// A finger leaves with every tap; what it has shown stays until the next one.
document.addEventListener("pointerdown", hideTip, { capture: true });
document.addEventListener("keydown", ({ key }) => {
  if (key === "Escape") hideTip();
});

/** Shows the lines beside a place in the window. */
export function showTip(at: Pick<DOMRect, "left" | "top" | "height">, ...lines: readonly (Node | string)[]): void {
  tip.replaceChildren(...lines.map((line) => (typeof line === "string" ? element("div", "", line) : line)));
  tip.hidden = false;
  const { width, height } = tip.getBoundingClientRect();
  const rightmost = document.documentElement.clientWidth - width - MARGIN;
  const left = Math.max(MARGIN, Math.min(at.left + MARGIN, rightmost));
  const above = at.top - height - MARGIN;
  tip.style.left = `${left + scrollX}px`;
  tip.style.top = `${(above >= 0 ? above : at.top + at.height + MARGIN) + scrollY}px`;
}

export function hideTip(): void {
  tip.hidden = true;
}

/** Shows a tip beside `at` while a pointer is on the node or the keyboard is at it. */
export function tellOn(node: HTMLElement, at: HTMLElement, lines: () => readonly (Node | string)[]): void {
  const tell = () => showTip(at.getBoundingClientRect(), ...lines());
  node.addEventListener("pointerenter", tell);
  // After a finger's pointerenter comes its pointerdown, which has hidden the tip on its way here.
  node.addEventListener("pointerdown", tell);
  node.addEventListener("focus", () => {
    if (node.matches(":focus-visible")) tell();
  });
  node.addEventListener("blur", hideTip);
  onPointerLeave(node, hideTip);
}

/** When a mouse or a pen leaves; see above for fingers. */
export function onPointerLeave(node: HTMLElement | SVGElement, leave: () => void): void {
  node.addEventListener("pointerleave", (event) => {
    if ((event as PointerEvent).pointerType !== "touch") leave();
  });
}
