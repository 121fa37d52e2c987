import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import type { SnoopingBus } from "../memory/bus.js";
import { FileBytes } from "./bytes.js";
import { TraceError, TraceParser } from "./parser.js";

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
 * Replays a trace on a bus, one reference after the other: a file with `processor r|w hexaddress` lines in their order,
 * or a folder with one `p<i>.trace` or `p<i>.trace.gz` a processor with `r|w hexaddress` lines, one of each processor in
 * turn until all are at their end. Files may be packed with gzip. Memory does not grow with the trace.
 *
 * @throws TraceError for a trace that cannot be read; what came before the error was replayed
 */
export async function replay(trace: string, bus: SnoopingBus, options: ReplayOptions = {}): Promise<void> {
  const { signal, progress } = options;
  const processors = bus.caches.length;
  const { folder, files, total } = await traceFiles(trace, processors);
  const sources = files.map(
    (file, processor) => new Source(file, new TraceParser(file, processors, folder ? processor : undefined)),
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

/** One file of a trace and the references of it that are parsed. */
class Source {
  readonly #bytes: FileBytes;
  #at = 0;
  #count = 0;
  #ended = false;

  constructor(
    file: string,
    readonly parser: TraceParser,
  ) {
    this.#bytes = new FileBytes(file);
  }

  /** References parsed and not yet replayed. */
  get left(): number {
    return this.#count - this.#at;
  }

  get bytesRead(): number {
    return this.#bytes.bytesRead;
  }

  /** Parses on; if none is left after it, the file is at its end. */
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

interface TraceFiles {
  readonly folder: boolean;
  /** The trace itself or, for a folder, its files by processor. */
  readonly files: readonly string[];
  /** Their bytes. */
  readonly total: number;
}

async function traceFiles(trace: string, processors: number): Promise<TraceFiles> {
  const kind = await stat(trace).catch(({ code }: NodeJS.ErrnoException) => {
    throw new TraceError(`Cannot read ${trace}: received ${code}; expected a trace file or a folder of them`);
  });
  if (!kind.isDirectory()) return { folder: false, files: [trace], total: kind.size };
  const expected = `expected ${processors === 1 ? "p0.trace" : `p0.trace to p${processors - 1}.trace`}, packed or not`;
  const byProcessor = new Map<number, string>();
  for (const name of (await readdir(trace)).sort()) {
    const match = /^p(0|[1-9]\d*)\.trace(\.gz)?$/.exec(name);
    if (match === null) continue;
    const processor = Number(match[1]);
    if (processor >= processors) {
      throw new TraceError(`Cannot read ${trace}: received ${name} for ${processors} processors; ${expected}`);
    }
    if (byProcessor.has(processor)) {
      throw new TraceError(`Cannot read ${trace}: received both p${processor}.trace and ${name}; expected one of them`);
    }
    byProcessor.set(processor, name);
  }
  const files: string[] = [];
  let total = 0;
  for (let processor = 0; processor < processors; processor++) {
    const name = byProcessor.get(processor);
    if (name === undefined) {
      throw new TraceError(`Cannot read ${trace}: received no p${processor}.trace; ${expected}`);
    }
    files.push(join(trace, name));
    total += (await stat(join(trace, name))).size;
  }
  return { folder: true, files, total };
}
