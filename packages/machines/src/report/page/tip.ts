// The box beside the pointer; the page has one.
import { element } from "./element.js";

/** How far the tip stays from what it tells of and from the window's edges, in CSS pixels. */
const MARGIN = 12;

const tip = element("div", "tip");
tip.hidden = true;
document.body.append(tip);
// A finger leaves with every tap; what it has shown stays until the next one.
document.addEventListener("pointerdown", hideTip, { capture: true });

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

/** When a mouse or a pen leaves; see above for fingers. */
export function onPointerLeave(node: HTMLElement, leave: () => void): void {
  node.addEventListener("pointerleave", (event) => {
    if (event.pointerType !== "touch") leave();
  });
}
