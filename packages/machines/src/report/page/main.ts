// Draws the plots of a report from the rows that its page carries. Runs in the browser, at the end of the page's body;
// scripts/build-report.mjs makes one file of it, of what it imports and of uPlot, and another of the styles.
import "uplot/dist/uPlot.min.css";
import "./page.css";
import { drawLines } from "./lines.js";
import { rowsWith } from "./rows.js";
import { drawShares } from "./shares.js";

const machines = [...document.querySelectorAll<HTMLElement>(".machine")];
const links = [...document.querySelectorAll<HTMLAnchorElement>(".machines a")];

/** Shows the machine that the address names, or the first one. */
function showMachine(): void {
  const named = decodeURIComponent(location.hash.slice(1));
  const chosen = machines.find(({ id }) => id === named) ?? machines[0];
  for (const machine of machines) machine.hidden = machine !== chosen;
  for (const [i, link] of links.entries()) {
    if (machines[i] === chosen) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
  // Once it is shown: a plot takes its size from the page.
  for (const place of chosen?.querySelectorAll<HTMLElement>(".plot:empty") ?? []) drawPlot(place);
}

function drawPlot(place: HTMLElement): void {
  // The page says of each plot which machine, workload and metric its rows have.
  const of = rowsWith(place.dataset);
  if (of.length > 0) (place.dataset.metric === "share" ? drawShares : drawLines)(place, of);
}

for (const link of links) {
  link.addEventListener("click", (event) => {
    // Without the jump to its begin: who looks at a plot sees the same one of the other machine.
    event.preventDefault();
    history.replaceState(null, "", link.href);
    showMachine();
  });
}
addEventListener("hashchange", showMachine);
showMachine();
