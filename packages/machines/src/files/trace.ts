import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import type { SnoopingBus } from "../machines/simulated/memory/bus.js";
import { TraceError } from "../machines/simulated/trace/parser.js";
import { type ReplayOptions, replay, type Trace } from "../machines/simulated/trace/replay.js";
import { FileBytes } from "./trace-bytes.js";

/**
 * Replays a trace on a bus: a file with `processor r|w hexaddress` lines, or a folder with one `p<i>.trace` or
 * `p<i>.trace.gz` a processor with `r|w hexaddress` lines. Files may be packed with gzip.
 *
 * @throws TraceError for a trace that cannot be read; what came before the error was replayed
 */
export async function replayFiles(path: string, bus: SnoopingBus, options: ReplayOptions = {}): Promise<void> {
  await replay(await openTrace(path, bus.caches.length), bus, options);
}

/** A file of all processors, or a folder with one for each; its bytes are 0 for a pipe. */
async function openTrace(trace: string, processors: number): Promise<Trace> {
  const kind = await stat(trace).catch(({ code }: NodeJS.ErrnoException) => {
    throw new TraceError(`Cannot read ${trace}: received ${code}; expected a trace file or a folder of them`);
  });
  if (!kind.isDirectory()) return { sources: [new FileBytes(trace)], perProcessor: false, total: kind.size };
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
  return { sources: files.map((file) => new FileBytes(file)), perProcessor: true, total };
}
