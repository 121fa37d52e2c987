import type { Command } from "commander";
import { replayFiles } from "../files/trace.js";
import { type Counters, MAXIMUM_BUS_PROCESSORS, SnoopingBus } from "../machines/simulated/memory/bus.js";
import { MAXIMUM_SIZE } from "../machines/simulated/memory/cache.js";
import { PROTOCOLS } from "../machines/simulated/memory/protocols/index.js";
import { TraceError } from "../machines/simulated/trace/parser.js";
import { formatTable, type ReportTable } from "../report/table.js";
import { outputWidth } from "./output.js";
import { ProgressLine } from "./progress.js";
import { Interrupted, parseWhole, UsageError } from "./usage.js";

/** Milliseconds in which an interrupted replay ends by itself. */
const GRACE = 500;

const MEBIBYTE = 2 ** 20;

/** The options that have no default. */
interface Described {
  readonly processors: string;
  readonly protocol: string;
  readonly size: string;
  readonly ways: string;
  readonly line: string;
}

interface Options extends Partial<Described> {
  readonly transitions?: true;
  readonly json?: true;
}

/** The counters in the order in which they are printed, with the words of the table. */
const COLUMNS: readonly (readonly [keyof Counters, string])[] = [
  ["reads", "reads"],
  ["readMisses", "read misses"],
  ["writes", "writes"],
  ["writeMisses", "write misses"],
  ["writeBacks", "write-backs"],
  ["dirtyEvictions", "dirty evictions"],
  ["flushes", "flushes"],
  ["cacheToCacheTransfers", "cache to cache"],
  ["interventions", "interventions"],
  ["invalidations", "invalidations"],
  ["busReadExclusive", "read-exclusive"],
  ["busUpgrades", "upgrades"],
  ["busUpdates", "updates"],
  ["memoryTransactions", "memory"],
];

export function addTrace(program: Command): void {
  program
    .command("trace")
    .description("replay a memory trace through the caches of a bus and count what their protocol does")
    .argument(
      "<FILE>",
      "`processor r|w hexaddress` lines, or a folder with p<i>.trace of `r|w hexaddress`; gzip or not",
    )
    .option("--processors <N>", `processors with a cache each, 1 to ${MAXIMUM_BUS_PROCESSORS}`)
    .option("--protocol <NAME>", PROTOCOLS.map(({ name }) => name).join(", "))
    .option("--size <B>", "bytes a cache, a power of two")
    .option("--ways <W>", "lines a set, a power of two")
    .option("--line <B>", "bytes a line, a power of two")
    .option("--transitions", "count the changes of lines' states, too")
    .option("--json", "print the counters for programs")
    .action(run);
}

/** @throws {UsageError} that names all that are missing */
function described(file: string, options: Options): Described {
  const missing = (["processors", "protocol", "size", "ways", "line"] as const).filter(
    (name) => options[name] === undefined,
  );
  if (missing.length === 0) return options as Described;
  throw new UsageError(
    `Cannot replay ${file}: received no ${missing.map((name) => `--${name}`).join(", ")}; expected, for instance, ` +
      "--processors 4 --protocol mesi --size 32768 --ways 8 --line 64",
  );
}

async function run(file: string, { json, transitions, ...given }: Options): Promise<void> {
  const options = described(file, given);
  const processors = parseWhole("--processors", options.processors, 1, MAXIMUM_BUS_PROCESSORS);
  const protocol = PROTOCOLS.find(({ name }) => name === options.protocol);
  if (protocol === undefined) {
    throw new UsageError(
      `Cannot read --protocol: received "${options.protocol}"; expected one of ` +
        PROTOCOLS.map(({ name }) => name).join(", "),
    );
  }
  const size = parseWhole("--size", options.size, 1, MAXIMUM_SIZE);
  const ways = parseWhole("--ways", options.ways, 1, MAXIMUM_SIZE);
  const line = parseWhole("--line", options.line, 1, MAXIMUM_SIZE);

  const interrupt = new AbortController();
  const onInterrupt = () => {
    interrupt.abort(new Interrupted());
    // Reading a pipe that says nothing cannot be abandoned: then the signal's own action ends the process.
    setTimeout(() => process.kill(process.pid, "SIGINT"), GRACE).unref();
  };
  process.once("SIGINT", onInterrupt).once("SIGTERM", onInterrupt);
  const progressLine = new ProgressLine();
  try {
    const bus = new SnoopingBus(protocol, processors, { size, ways, line });
    if (transitions) bus.countTransitions();
    await replayFiles(file, bus, {
      signal: interrupt.signal,
      progress: ({ done, total }) => {
        const mebibytes = (bytes: number) => Math.ceil(bytes / MEBIBYTE);
        if (total > 0) progressLine.show(mebibytes(done), mebibytes(total), "MiB");
      },
    });
    progressLine.clear();
    const counters = bus.counters();
    if (json) {
      const changes = bus.transitions();
      const rows = counters.map(({ dirtyEvictions: _, ...counted }, processor) => ({
        ...counted,
        ...(transitions && { transitions: Object.fromEntries(changes[processor]!) }),
      }));
      console.log(JSON.stringify({ processors: rows }));
    } else {
      const title = `${protocol.name}: ${processors} caches of ${size} bytes, ${ways}-way, ${line} bytes a line`;
      console.log(formatTable(counterTable(title, counters), outputWidth()));
      if (transitions) console.log(`\n${formatTable(transitionTable(bus.transitions()), outputWidth())}`);
    }
  } catch (error) {
    // Sizes that no cache has, and traces that cannot be read, are what was typed.
    if (error instanceof RangeError || error instanceof TraceError) throw new UsageError(error.message);
    throw error;
  } finally {
    progressLine.clear();
    process.off("SIGINT", onInterrupt).off("SIGTERM", onInterrupt);
  }
}

function transitionTable(transitions: readonly ReadonlyMap<string, number>[]): ReportTable {
  const names = [...new Set(transitions.flatMap((changes) => [...changes.keys()]))].sort();
  const row = (name: string, counted: readonly ReadonlyMap<string, number>[]) => [
    name,
    ...names.map((change) => String(counted.reduce((sum, each) => sum + (each.get(change) ?? 0), 0))),
  ];
  return {
    title: "Changes of lines' states",
    note: "From I: a line that was absent. To I: evicted or invalidated.",
    columns: ["processor", ...names],
    rows: [...transitions.map((changes, processor) => row(String(processor), [changes])), row("all", transitions)],
  };
}

function counterTable(title: string, counters: readonly Counters[]): ReportTable {
  const row = (name: string, counted: readonly Counters[]) => [
    name,
    ...COLUMNS.map(([counter]) => String(counted.reduce((sum, each) => sum + each[counter], 0))),
  ];
  return {
    title,
    note:
      "Write-backs are dirty evictions and the flushes that memory takes: all of msi, msi-upgrade, mesi, mesif and firefly, " +
      "none of mosi, moesi, moesif and dragon, whose owner keeps the line. Memory: lines fetched, write-backs, words written through.",
    columns: ["processor", ...COLUMNS.map(([, words]) => words)],
    rows: [...counters.map((counted, processor) => row(String(processor), [counted])), row("all", counters)],
  };
}
