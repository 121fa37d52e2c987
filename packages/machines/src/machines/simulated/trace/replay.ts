import type { SnoopingBus } from "../memory/bus.js";
import { TraceParser } from "./parser.js";

/** Bytes of a trace, one chunk after the other. */
export interface TraceBytes {
  /** Named in errors. */
  readonly file: string;
  /** Bytes that were read so far, as they are stored. */
  readonly bytesRead: number;
  /**
   * The next chunk, undefined at the end.
   *
   * @throws TraceError if it cannot be read
   */
  next(): Promise<Uint8Array | undefined>;
  /** Ends the reading, wherever it is. */
  close(): void;
}

/** A trace of memory references. */
export interface Trace {
  /** One source, whose lines name their processors, or one for each processor. */
  readonly sources: readonly TraceBytes[];
  /** Whether the sources are of one processor each. */
  readonly perProcessor: boolean;
  /** Their bytes as they are stored; 0 where nobody knows. */
  readonly total: number;
}

/** How far a replay is, in bytes of the trace's files as they are stored; `total` is 0 for a pipe. */
export interface ReplayProgress {
  readonly done: number;
  readonly total: number;
}

export interface ReplayOptions {
  /** Ends the replay early: its promise rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Called about ten times a second. */
  readonly progress?: (progress: ReplayProgress) => void;
}

/** Milliseconds between two calls of `progress`. */
const PROGRESS_INTERVAL = 100;

/**
 * Replays a trace on a bus, one reference after the other, and closes it: lines `processor r|w hexaddress` of one source
 * in their order, or lines `r|w hexaddress`, one of each processor in turn until all are at their end. Memory does not
 * grow with the trace.
 *
 * @throws TraceError for a trace that cannot be read; what came before the error was replayed
 */
export async function replay(trace: Trace, bus: SnoopingBus, options: ReplayOptions = {}): Promise<void> {
  const { signal, progress } = options;
  const { perProcessor, total } = trace;
  const processors = bus.caches.length;
  const sources = trace.sources.map(
    (bytes, processor) =>
      new Source(bytes, new TraceParser(bytes.file, processors, perProcessor ? processor : undefined)),
  );
  let shown = performance.now();
  try {
    let active: Source[] = sources;
    for (;;) {
      for (const source of active) if (source.left === 0) await source.load();
      signal?.throwIfAborted();
      active = active.filter((source) => source.left > 0);
      if (active.length === 0) return;
      const rounds = active.reduce((least, source) => Math.min(least, source.left), Number.POSITIVE_INFINITY);
      if (active.length === 1) active[0]!.replay(bus, rounds);
      else for (let round = 0; round < rounds; round++) for (const source of active) source.replay(bus, 1);
      if (progress !== undefined && performance.now() - shown >= PROGRESS_INTERVAL) {
        shown = performance.now();
        progress({ done: sources.reduce((sum, source) => sum + source.bytesRead, 0), total });
      }
    }
  } finally {
    for (const source of sources) source.close();
  }
}

/** One source of a trace and the references of it that are parsed. */
class Source {
  readonly #bytes: TraceBytes;
  #at = 0;
  #count = 0;
  #ended = false;

  constructor(
    bytes: TraceBytes,
    readonly parser: TraceParser,
  ) {
    this.#bytes = bytes;
  }

  /** References parsed and not yet replayed. */
  get left(): number {
    return this.#count - this.#at;
  }

  get bytesRead(): number {
    return this.#bytes.bytesRead;
  }

  /** Parses on; if none is left after it, the source is at its end. */
  async load(): Promise<void> {
    this.#at = 0;
    this.#count = this.parser.parse();
    while (this.#count === 0 && !this.#ended) {
      const chunk = await this.#bytes.next();
      if (chunk !== undefined) {
        this.parser.push(chunk);
      } else {
        this.parser.end();
        this.#ended = true;
      }
      this.#count = this.parser.parse();
    }
  }

  /** Replays the next references, at most those that are left. */
  replay(bus: SnoopingBus, count: number): void {
    const { processors, writes, high, low } = this.parser;
    const end = this.#at + count;
    for (let i = this.#at; i < end; i++) bus.access(processors[i]!, writes[i] as 0 | 1, high[i]!, low[i]!);
    this.#at = end;
  }

  close(): void {
    this.#bytes.close();
  }
}
