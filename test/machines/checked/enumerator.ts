/** Straight-line programs of few accesses, and all that they can do, enumerated without any idea. */

/** Bytes of memory, from address 0: first those that all access, then a word for each processor alone. */
export const COMMON = 12;
export const BYTES = COMMON + 3 * 4;

/** An access; each finds bytes in memory (or its processor's store buffer) and may write there. */
export interface Operation {
  readonly kind: "load" | "store" | "rmw" | "cas" | "fence";
  readonly address: number;
  readonly size: 1 | 2 | 4 | 8;
  readonly atomic: boolean;
  readonly operator: "add" | "sub" | "and" | "or" | "xor" | "xchg";
  readonly value: bigint;
  readonly expected: bigint;
}

/** By processor. */
export type Straight = readonly (readonly Operation[])[];

export interface Memory {
  readonly model: "sc" | "tso";
  readonly buffered: "plain" | "all";
}

/** What processors that died do then, and how many die at most. */
export interface Deaths {
  readonly repair: readonly Operation[];
  readonly most: number;
}

const IMMORTAL: Deaths = { repair: [], most: 0 };

/** The function of a processor: it returns what its operations found, each as an i64. */
export function toText(operations: readonly Operation[]): string {
  const finding = operations.filter(({ kind }) => kind !== "store" && kind !== "fence");
  return `(result ${finding.map(() => "i64").join(" ")}) ${operations.map(instructionOf).join(" ")}`;
}

function instructionOf({ kind, address, size, atomic, operator, value, expected }: Operation): string {
  const access = size === 8 ? "" : String(8 * size);
  const at = `(i32.const ${address})`;
  const alignment = atomic || kind === "rmw" || kind === "cas" ? "" : "align=1";
  switch (kind) {
    case "load":
      return `(i64${atomic ? ".atomic" : ""}.load${access}${size === 8 ? "" : "_u"} ${alignment} ${at})`;
    case "store":
      return `(i64${atomic ? ".atomic" : ""}.store${access} ${alignment} ${at} (i64.const ${value}))`;
    case "rmw":
      return `(i64.atomic.rmw${access}.${operator}${size === 8 ? "" : "_u"} ${at} (i64.const ${value}))`;
    case "cas":
      return `(i64.atomic.rmw${access}.cmpxchg${size === 8 ? "" : "_u"} ${at} (i64.const ${expected}) (i64.const ${value}))`;
    case "fence":
      return "(atomic.fence)";
  }
}

interface Store {
  readonly address: number;
  readonly bytes: readonly number[];
}

interface State {
  readonly memory: readonly number[];
  readonly processors: readonly {
    readonly at: number;
    readonly found: readonly bigint[];
    readonly buffer: readonly Store[];
    readonly died: boolean;
  }[];
}

/**
 * All that the program's executions can end with: what was found, by processor that has not died, and the memory, each
 * as text. And whether two accesses of an execution can take place at once that race.
 */
export function enumerate(program: Straight, memory: Memory, deaths = IMMORTAL): { ends: string[]; race: boolean } {
  const seen = new Set<string>();
  const ends = new Set<string>();
  let race = false;
  const explore = (state: State) => {
    const key = JSON.stringify(state, (_, value) => (typeof value === "bigint" ? String(value) : value));
    if (seen.has(key)) return;
    seen.add(key);
    const { processors } = state;
    const left = program.map((operations, processor) => (processors[processor]!.died ? deaths.repair : operations));
    race ||= isRacing(left, state);
    const next = left.flatMap((operations, processor) => successors(state, processor, operations, memory));
    if (next.length === 0) {
      const found = processors.map((processor) => (processor.died ? [] : processor.found));
      ends.add(endOf(found, state.memory));
    }
    next.forEach(explore);
    if (processors.filter(({ died }) => died).length === deaths.most) return;
    for (const [p, { buffer, died }] of processors.entries()) {
      if (!died) explore({ ...state, processors: processors.with(p, { at: 0, found: [], buffer, died: true }) });
    }
  };
  explore(initial(program));
  return { ends: [...ends].sort(), race };
}

function initial(program: Straight): State {
  return {
    memory: new Array(BYTES).fill(0),
    processors: program.map(() => ({ at: 0, found: [], buffer: [], died: false })),
  };
}

interface Event {
  readonly processor: number;
  readonly words: readonly number[];
  readonly writes: boolean;
}

/**
 * How many Mazurkiewicz traces the program has under sequential consistency: schedules that order the same what depends
 * on each other, accesses of a word one of which writes it, be it what was there.
 */
export function countTraces(program: Straight): number {
  const traces = new Set<string>();
  const explore = (state: State, events: readonly Event[]) => {
    const begun = program.flatMap((operations, processor) => {
      const operation = operations[state.processors[processor]!.at];
      return operation === undefined ? [] : [{ processor, operation }];
    });
    if (begun.length === 0) traces.add(traceOf(events));
    for (const { processor, operation } of begun) {
      const [after] = successors(state, processor, program[processor]!, { model: "sc", buffered: "plain" });
      const { kind, address, size, expected } = operation;
      const found = bitsOf(state.memory.slice(address, address + size));
      const writes = kind === "store" || kind === "rmw" || (kind === "cas" && found === expected);
      const length = kind === "fence" ? 0 : ((address + size - 1) >> 2) - (address >> 2) + 1;
      const words = Array.from({ length }, (_, i) => (address >> 2) + i);
      explore(after!, [...events, { processor, words, writes }]);
    }
  };
  explore(initial(program), []);
  return traces.size;
}

/** What comes before what, of events that depend on each other. */
function traceOf(events: readonly Event[]): string {
  const counts: number[] = [];
  const names = events.map(({ processor }) => {
    counts[processor] = (counts[processor] ?? 0) + 1;
    return `${processor}.${counts[processor]}`;
  });
  const pairs = events.flatMap((later, j) =>
    events.slice(0, j).flatMap((earlier, i) => {
      const depends = (earlier.writes || later.writes) && earlier.words.some((word) => later.words.includes(word));
      return depends && earlier.processor !== later.processor ? [`${names[i]}<${names[j]}`] : [];
    }),
  );
  return pairs.sort().join(" ");
}

/**
 * Whether the next accesses of two processors have a byte in common, one writes, and not both are atomic and of the
 * same bytes.
 */
function isRacing(program: Straight, { memory, processors }: State): boolean {
  const next = program.flatMap((operations, p) => {
    const operation = operations[processors[p]!.at];
    return operation === undefined || operation.kind === "fence" ? [] : [operation];
  });
  const writes = ({ kind, address, size, expected }: Operation) =>
    kind === "cas" ? bitsOf(memory.slice(address, address + size)) === expected : kind !== "load";
  const atomic = (operation: Operation) => operation.atomic || operation.kind === "rmw" || operation.kind === "cas";
  return next.some((a, i) =>
    next.slice(0, i).some((b) => {
      const apart = a.address >= b.address + b.size || b.address >= a.address + a.size;
      const synchronize = atomic(a) && atomic(b) && a.address === b.address && a.size === b.size;
      return !apart && (writes(a) || writes(b)) && !synchronize;
    }),
  );
}

export function endOf(found: readonly (readonly unknown[])[], memory: readonly number[]): string {
  return `${found.map((values) => values.join(",")).join(";")} ${memory.join(",")}`;
}

/** The states that one processor leads to: by its next operation, and by its oldest store that reaches memory. */
function successors(state: State, processor: number, operations: readonly Operation[], { model, buffered }: Memory) {
  const { at, found, buffer, died } = state.processors[processor]!;
  const next: State[] = [];
  const become = (memory: readonly number[], changed: Omit<State["processors"][number], "died">) => {
    next.push({ memory, processors: state.processors.with(processor, { ...changed, died }) });
  };
  const [oldest, ...younger] = buffer;
  if (oldest !== undefined) become(written(state.memory, oldest), { at, found, buffer: younger });
  const operation = operations[at];
  if (operation === undefined) return next;
  const { kind, address, size, atomic, value, expected } = operation;
  const store = (bits: bigint): Store => ({ address, bytes: bytesOf(bits, size) });
  const seen = buffer.reduce(written, state.memory);
  const old = bitsOf(seen.slice(address, address + size));
  if (kind === "load") {
    become(state.memory, { at: at + 1, found: [...found, old], buffer });
  } else if (kind === "store" && model === "tso" && (!atomic || buffered === "all")) {
    become(state.memory, { at: at + 1, found, buffer: [...buffer, store(value)] });
  } else if (buffer.length === 0) {
    const after = kind === "store" ? value : kind === "rmw" ? modified(operation, old) : old === expected ? value : old;
    const finds = kind === "rmw" || kind === "cas" ? [...found, old] : found;
    become(kind === "fence" ? state.memory : written(state.memory, store(after)), { at: at + 1, found: finds, buffer });
  }
  return next;
}

function modified({ operator, value }: Operation, old: bigint): bigint {
  switch (operator) {
    case "add":
      return old + value;
    case "sub":
      return old - value;
    case "and":
      return old & value;
    case "or":
      return old | value;
    case "xor":
      return old ^ value;
    case "xchg":
      return value;
  }
}

function written(memory: readonly number[], { address, bytes }: Store): readonly number[] {
  return memory.map((byte, i) => bytes[i - address] ?? byte);
}

function bytesOf(bits: bigint, size: number): number[] {
  return Array.from({ length: size }, (_, i) => Number(BigInt.asUintN(8, bits >> BigInt(8 * i))));
}

function bitsOf(bytes: readonly number[]): bigint {
  return bytes.reduceRight((bits, byte) => (bits << 8n) | BigInt(byte), 0n);
}
