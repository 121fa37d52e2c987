import { sum } from "../workload-measures.js";
import type { MeasuredKind } from "./kind.js";

export const policy: MeasuredKind = {
  measure: async () => {},
  operations: sum,
  loads: [],
};
