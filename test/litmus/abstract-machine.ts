/**
 * The x86-TSO abstract machine of Sewell, Sarkar, Owens, Zappa Nardelli & Myreen, CACM 53(7), 2010, in its plainest form:
 * what a litmus test may do, without any of what is tested. Without store buffers it is sequentially consistent.
 */

export type Operation =
  | { readonly kind: "write"; readonly word: number; readonly value: number }
  | { readonly kind: "read"; readonly word: number; readonly register: number }
  | { readonly kind: "exchange"; readonly word: number; readonly register: number }
  | { readonly kind: "increment"; readonly word: number; readonly locked: boolean }
  | { readonly kind: "fence" };

interface Processor {
  readonly next: number;
  readonly registers: readonly number[];
  /** Oldest first. */
  readonly buffer: readonly (readonly [word: number, value: number])[];
  /** What a plain increment has read and will write. */
  readonly pending?: number;
}

interface State {
  readonly processors: readonly Processor[];
  readonly memory: readonly number[];
}

const replaced = <T>(items: readonly T[], index: number, item: T): T[] =>
  items.map((each, i) => (i === index ? item : each));

/** Registers of all threads, then the words, of each final state. */
export function finalStates(
  threads: readonly (readonly Operation[])[],
  { registers, words, buffered }: { readonly registers: number; readonly words: number; readonly buffered: boolean },
): number[][] {
  const found = new Map<string, number[]>();
  const seen = new Set<string>();
  const begin = { next: 0, registers: Array(registers).fill(0), buffer: [] };
  const open: State[] = [{ processors: threads.map(() => begin), memory: Array(words).fill(0) }];
  for (let state = open.pop(); state !== undefined; state = open.pop()) {
    const key = JSON.stringify(state);
    if (seen.has(key)) continue;
    seen.add(key);
    const successors = threads.flatMap((operations, i) => steps(state, i, operations, buffered));
    open.push(...successors);
    if (successors.length > 0) continue;
    const values = [...state.processors.flatMap((processor) => processor.registers), ...state.memory];
    found.set(JSON.stringify(values), values);
  }
  return [...found.values()];
}

function steps({ processors, memory }: State, i: number, operations: readonly Operation[], buffered: boolean): State[] {
  const processor = processors[i]!;
  const { buffer, next, registers } = processor;
  const become = (changed: Partial<Processor>, words = memory): State => {
    const { pending: _, ...rest } = processor;
    return { processors: replaced(processors, i, { ...rest, ...changed }), memory: words };
  };
  const [oldest, ...younger] = buffer;
  const flushed = oldest
    ? [{ processors: replaced(processors, i, { ...processor, buffer: younger }), memory: replaced(memory, ...oldest) }]
    : [];
  const operation = operations[next];
  if (operation === undefined) return flushed;
  const done = { next: next + 1 };
  if (operation.kind === "fence") return buffer.length > 0 ? flushed : [become(done)];
  const { word } = operation;
  const seen = buffer.findLast(([written]) => written === word)?.[1] ?? memory[word]!;
  const write = (value: number) =>
    buffered ? become({ ...done, buffer: [...buffer, [word, value]] }) : become(done, replaced(memory, word, value));
  switch (operation.kind) {
    case "write":
      return [...flushed, write(operation.value)];
    case "read":
      return [...flushed, become({ ...done, registers: replaced(registers, operation.register, seen) })];
    case "exchange":
      return buffer.length > 0
        ? flushed
        : [
            become(
              { ...done, registers: replaced(registers, operation.register, memory[word]!) },
              replaced(memory, word, registers[operation.register]!),
            ),
          ];
    case "increment":
      if (operation.locked) {
        return buffer.length > 0 ? flushed : [become(done, replaced(memory, word, memory[word]! + 1))];
      }
      return [...flushed, processor.pending === undefined ? become({ pending: seen + 1 }) : write(processor.pending)];
  }
}
