// Draws the plots of a report from the rows that its page carries. Runs in the browser, at the end of the page's body;
// scripts/build-report.mjs makes one file of it, of what it imports and of uPlot, and another of the styles.
import "uplot/dist/uPlot.min.css";
import "./page.css";
import { drawLines } from "./lines.js";
import { rowsWith } from "./rows.js";
import { drawShares } from "./shares.js";

for (const place of document.querySelectorAll<HTMLElement>(".plot")) {
  // The page says of each plot which machine, workload, metric and unit its rows have.
  const of = rowsWith(place.dataset);
  if (of.length > 0) (place.dataset.metric === "share" ? drawShares : drawLines)(place, of);
}
