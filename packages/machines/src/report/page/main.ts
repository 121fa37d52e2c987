// Draws a report's plots from the figures that its page carries, and shows one machine at a time. Runs in the browser,
// at the end of the page's body; scripts/build-report.mjs makes one file of it and of what it imports.
import "./page.css";
import type { Figure } from "../page.js";
import { drawChart } from "./chart.js";
import { drawShares } from "./shares.js";
import "./tables.js";

const figures: Readonly<Record<string, Figure>> = JSON.parse(document.getElementById("figures")?.textContent ?? "{}");
const machines = [...document.querySelectorAll<HTMLElement>(".machine")];
const links = [...document.querySelectorAll<HTMLAnchorElement>(".machines a")];
let shown: HTMLElement | undefined;

function show(machine: HTMLElement | undefined): void {
  shown = machine;
  for (const each of machines) each.hidden = each !== machine;
  for (const [i, link] of links.entries()) mark(link, machines[i] === machine);
  // Once it is shown: a plot takes its size from the page.
  for (const place of machine?.querySelectorAll<HTMLElement>(".plot:empty") ?? []) {
    const figure = figures[place.parentElement?.id ?? ""];
    if (figure && "chart" in figure) drawChart(place, figure.chart, figure.axis);
    else if (figure) drawShares(place, figure.shares);
  }
}

function mark(link: Element, current: boolean): void {
  if (current) link.setAttribute("aria-current", "true");
  else link.removeAttribute("aria-current");
}

/** Shows what the address names: a machine, a part of one, or something that belongs to none. */
function follow(): void {
  const named = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  const machine = named?.closest<HTMLElement>(".machine") ?? shown ?? machines[0];
  if (machine !== shown) show(machine);
  named?.scrollIntoView();
}

for (const [i, link] of links.entries()) {
  link.addEventListener("click", (event) => {
    event.preventDefault();
    history.replaceState(null, "", link.href);
    keepPlace(() => show(machines[i]));
  });
}

/** Whoever looks at a plot sees, at the same place, the same plot of the other machine. */
function keepPlace(change: () => void): void {
  const parts = [...(shown?.querySelectorAll("section") ?? [])];
  const part = parts.findLast((each) => each.getBoundingClientRect().top < innerHeight / 2);
  const [id, top] = [part?.id.slice(shown?.id.length), part?.getBoundingClientRect().top ?? 0];
  change();
  const same = document.getElementById(`${shown?.id}${id}`);
  if (same) scrollBy(0, same.getBoundingClientRect().top - top);
}

/** Marks the part that is read in the contents. */
const reading = new IntersectionObserver(
  (entries) => {
    for (const { target, isIntersecting } of entries) {
      if (!isIntersecting) continue;
      for (const link of document.querySelectorAll<HTMLAnchorElement>(".contents a")) {
        mark(link, link.hash === `#${encodeURIComponent(target.id)}`);
      }
    }
  },
  { rootMargin: "-25% 0px -70% 0px" },
);
for (const part of document.querySelectorAll("section[id]")) reading.observe(part);

addEventListener("hashchange", follow);
follow();
document.querySelector("main")?.classList.add("drawn");
