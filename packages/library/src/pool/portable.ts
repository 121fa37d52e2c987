import type { SharedSpace } from "../space.js";
import { formsOf, type Thrown } from "../thrown.js";
import { copied, purposeOfThrow } from "./values.js";

/** What a task has thrown, in a form that can be copied; else why none can be. */
export function portable(space: SharedSpace, name: string, thrown: unknown): Thrown {
  let refusal: unknown;
  for (const form of formsOf(thrown)) {
    try {
      copied(space, form, purposeOfThrow(name));
      return form;
    } catch (error) {
      refusal ??= error;
    }
  }
  return [refusal];
}
