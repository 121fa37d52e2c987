// @ts-check
// Draws the plots of a report from the rows that its page carries. Runs in the browser, after uPlot.
import { drawLines } from "./page.lines.js";
import { rowsWith } from "./page.rows.js";
import { drawShares } from "./page.shares.js";

for (const place of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(".plot"))) {
  // The page says of each plot which machine, workload, metric and unit its rows have.
  const of = rowsWith(place.dataset);
  if (of.length > 0) (place.dataset.metric === "share" ? drawShares : drawLines)(place, of);
}
