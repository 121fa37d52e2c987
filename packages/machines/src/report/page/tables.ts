// What the tables do: a heading tells what it means, and the rows of algorithms that the reader chose are marked.
import "./tables.css";
import { onSelection, selectionAmong } from "./selection.js";
import { tellOn } from "./tip.js";

for (const term of document.querySelectorAll<HTMLElement>(".term")) {
  tellOn(term, term, () => [document.getElementById(term.getAttribute("aria-describedby") ?? "")?.textContent ?? ""]);
}

for (const table of document.querySelectorAll(".values")) {
  const rows = [...table.querySelectorAll<HTMLElement>("tbody tr")];
  const names = rows.map((row) => row.querySelector("th")?.textContent ?? "");
  onSelection(() => {
    const { chosen } = selectionAmong(names);
    for (const [i, row] of rows.entries()) row.classList.toggle("chosen", chosen.has(names[i]!));
  });
}
