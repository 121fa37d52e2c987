import type { Violated } from "../properties/violation.js";

/**
 * A violation and the schedule that leads to it, of which the last `repeated` transitions can be taken again and again.
 */
export class Counterexample extends Error {
  readonly violated: Violated;
  readonly schedule: readonly number[];
  readonly repeated: number;

  constructor(violated: Violated, schedule: readonly number[], repeated = 0) {
    super(violated.message);
    this.violated = violated;
    this.schedule = schedule;
    this.repeated = repeated;
  }
}
