/**
 * Transfer from threads that have no port to the workers: an ArrayBuffer is copied, and then detached here, as if it had been
 * moved. Other things that can be transferred cannot be copied.
 */
import { described } from "../arguments.js";
import type { SharedSpace } from "../space.js";
import type { Call } from "../structured-format.js";
import { Tag } from "../structured-format.js";
import { tagOf } from "../structured-kinds.js";
import { dataCloneError, type Purpose } from "../structured-refusal.js";
import { written } from "./values.js";

/** The call, written; what was to be transferred is detached. @throws {DOMException} of name `DataCloneError` */
export function moved(space: SharedSpace, call: Call, transfer: readonly object[], purpose: Purpose): Uint8Array {
  for (const one of transfer) {
    if (tagOf(one) === Tag.buffer) continue;
    throw dataCloneError(
      `Cannot ${purpose.verb}: received ${described(one)} to transfer; expected an ArrayBuffer: other things go from the thread that made the Pool`,
    );
  }
  const bytes = written(space, call, purpose);
  structuredClone(undefined, { transfer: transfer as Transferable[] });
  return bytes;
}
