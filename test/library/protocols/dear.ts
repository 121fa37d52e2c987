/**
 * Scenarios of a second or more that `npm test` leaves out: no planted bug needs them, and others like them stay. By
 * protocol.
 */
export const DEAR: Readonly<Record<string, readonly string[]>> = {
  channel: ["1 x 1 to 1, closed, a receiver with an heir dying"],
  counter: ["one operation after the other, in a space of 4"],
  existence: ["1 freeing, 1 inside, one dying"],
  "lock-word": ["one takes it again and again, hot"],
  mutex: ["2 x 1, demanded, 2 dying", "2 x 1, 1 impatient, 1 dying", "2 x 1, napping, 1 dying"],
  "rw-lock": ["try, read x 1, 1 dying"],
  semaphore: ["try 2, run 1 of 2, 1 dying"],
  "wait-graph": ["a writer waits for two readers, of whom one waits for it"],
};
