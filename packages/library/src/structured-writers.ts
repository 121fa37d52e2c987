import { StructuredWriter } from "./structured-writer.js";

/** Whoever writes takes one: what is written may run getters, which write. */
const writers: StructuredWriter[] = [];

/** What a function does with a writer, which has it until it returns. */
export function withWriter<Result>(use: (writer: StructuredWriter) => Result): Result {
  const writer = writers.pop() ?? new StructuredWriter();
  try {
    return use(writer);
  } finally {
    writer.shrink();
    writers.push(writer);
  }
}
