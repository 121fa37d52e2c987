import type { Equivalents } from "./equivalent.js";

/** Of all files. */
export const EQUIVALENTS: readonly Equivalents[] = [];
