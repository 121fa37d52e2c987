/** A table for people: the terminal and the page show the same. */
export interface ReportTable {
  readonly title: string;
  /** What a reader has to know to read it. */
  readonly note: string;
  readonly columns: readonly string[];
  /** What the columns say, by column; columns may share a term. */
  readonly terms?: readonly (Term | undefined)[];
  /** The last cell of a row that has fewer than there are columns takes the place of the others. */
  readonly rows: readonly (readonly string[])[];
}

/** A word of a table's headings and its meaning, without the full stop. */
export interface Term {
  readonly word: string;
  readonly meaning: string;
}

/** The terms of a table, each once. */
export function termsOf({ terms = [] }: Pick<ReportTable, "terms">): Term[] {
  return [...new Set(terms)].filter((term) => term !== undefined);
}

/**
 * The table as text for a terminal of `width` characters: the first column to the left, the others to the right;
 * columns that do not fit follow below, beside the first column again.
 */
export function formatTable(table: ReportTable, width: number): string {
  const { title, note, columns, rows } = table;
  const whole = rows.filter((row) => row.length === columns.length);
  const widths = columns.map((column, i) => Math.max(column.length, ...whole.map((row) => row[i]!.length)));
  widths[0] = Math.max(widths[0]!, ...rows.map((row) => row[0]!.length));
  const blocks: number[][] = [[]];
  let used = widths[0];
  for (let column = 1; column < columns.length; column++) {
    used += widths[column]! + GAP.length;
    if (used > width && blocks.at(-1)!.length > 0) {
      blocks.push([]);
      used = widths[0] + GAP.length + widths[column]!;
    }
    blocks.at(-1)!.push(column);
  }
  const text = blocks.map((block, number) => {
    const shown = [0, ...block];
    const aligned = (cells: readonly string[]) =>
      shown.map((i) => (i === 0 ? cells[i]!.padEnd(widths[i]!) : cells[i]!.padStart(widths[i]!))).join(GAP);
    const line = (cells: readonly string[]) =>
      cells.length === columns.length ? aligned(cells) : [cells[0]!.padEnd(widths[0]!), ...cells.slice(1)].join(GAP);
    const rule = shown.map((i) => "─".repeat(widths[i]!)).join("─".repeat(GAP.length));
    return [aligned(columns), rule, ...(number === 0 ? rows : whole).map(line)].join("\n");
  });
  const meanings = termsOf(table).map(({ word, meaning }) => `${word}: ${meaning}.`);
  return [title, ...text, wrap([...meanings, note].join(" "), width).join("\n")].join("\n\n");
}

/** The words of a text in lines of at most `width` characters, longer words alone. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines[lines.length - 1];
    if (last !== undefined && last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

/** Between columns. */
const GAP = "  ";

const SCALES = [
  { from: 1e9, unit: "s", by: 1e9 },
  { from: 1e6, unit: "ms", by: 1e6 },
  { from: 1e3, unit: "µs", by: 1e3 },
  { from: 0, unit: "ns", by: 1 },
] as const;

/** Nanoseconds with a unit that fits, three significant digits: `12.4 ns`, `3.02 ms`. */
export function formatTime(nanoseconds: number): string {
  const scale = SCALES.find(({ from }) => nanoseconds >= from)!;
  return `${formatNumber(nanoseconds / scale.by)} ${scale.unit}`;
}

/** Three significant digits, and all before the point. */
export function formatNumber(value: number): string {
  if (value === 0) return "0";
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))));
  return value.toFixed(Math.min(digits, 3));
}
