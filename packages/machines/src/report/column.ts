import type { Algorithm } from "../program/kernel.js";
import type { Term } from "./table.js";

/** A column of a grading table. */
export interface Column {
  readonly heading: string;
  /** What the column says, after its heading or the word that several headings share. */
  readonly meaning: string | Term;
  readonly cell: (algorithm: Algorithm) => string;
}
