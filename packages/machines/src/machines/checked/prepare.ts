import { createMemory, isParallel, type Program, unparallelMemory } from "../../program/program.js";
import type { CheckOptions, Deaths, Mode } from "./options.js";
import { History } from "./properties/history.js";
import { hold } from "./properties/predicates.js";
import type { Properties } from "./properties/properties.js";
import { Violated } from "./properties/violation.js";
import { type Loaded, load } from "./system/loading.js";
import { System } from "./system/system.js";

/** How many processors are explored at most: where their transitions are not bits of a word, more. */
export function maximumProcessors(mode: Mode | undefined): number {
  return mode === "random" ? 64 : 10;
}

/** What is explored, and what is looked at. */
export interface Prepared {
  readonly system: System;
  readonly properties: Properties;
}

/**
 * Loads a program for one exploration.
 *
 * @throws {Error} if that cannot be done
 */
export function prepare(program: Program, options: CheckOptions): Prepared {
  const loaded = loadProcessors(program, options);
  const history = options.specification === undefined ? undefined : new History(loaded, options.specification);
  const { order, pauses } = options;
  return { system: new System({ ...loaded, history, order, pauses }), properties: propertiesOf(loaded, options) };
}

function loadProcessors(program: Program, options: CheckOptions): Loaded {
  const { entries, init, memory, model = "sc", buffered = "plain" } = options;
  const processors = options.processors ?? (typeof entries === "string" ? 1 : entries.length);
  const most = maximumProcessors(options.mode);
  if (!Number.isInteger(processors) || processors < 1 || processors > most) {
    throw new RangeError(`Cannot check ${program.name}: received ${processors} processors; expected 1 to ${most}`);
  }
  if (typeof entries !== "string" && entries.length !== processors) {
    throw new RangeError(
      `Cannot check ${program.name}: received ${entries.length} entries for ${processors} processors; expected ${processors}`,
    );
  }
  if (processors > 1 && !isParallel(program)) {
    throw new Error(
      `Cannot check ${program.name}: received ${processors} processors and ${unparallelMemory(program)}; expected 1, or a module that imports a shared memory`,
    );
  }
  const calls = Array.from({ length: processors }, (_, processor) => ({
    entry: typeof entries === "string" ? entries : entries[processor]!,
    ...(options.arguments && { arguments: options.arguments }),
  }));
  const deaths = options.deaths && deathsOf(program, options.deaths, processors);
  return load(program, {
    calls,
    init,
    initLimit: options.initLimit,
    deaths,
    memory: memory ? copyOf(memory) : createMemory(program),
    model,
    buffered,
    memoryLimit: options.memoryLimit,
    visits: options.visits,
  });
}

function deathsOf({ name }: Program, { entry, processors: mortal, most = 1 }: Deaths, processors: number) {
  const all = Array.from({ length: processors }, (_, processor) => processor);
  if (mortal?.length === 0 || mortal?.some((processor) => !all.includes(processor))) {
    throw new RangeError(
      `Cannot check ${name}: received deaths of processors "${mortal}"; expected some of 0 to ${processors - 1}`,
    );
  }
  if (!Number.isInteger(most) || most < 1) {
    throw new RangeError(`Cannot check ${name}: received at most ${most} deaths; expected a whole number from 1 on`);
  }
  return { entry, processors: mortal ?? all, most };
}

function propertiesOf(
  loaded: Loaded,
  { model = "sc", races = model === "sc", invariant, final, onEnd }: CheckOptions,
): Properties {
  const checkInvariant = invariant && loaded.prepare(invariant);
  const checkFinal = final && loaded.prepare(final);
  const scratch = onEnd && copyOf(loaded.memory);
  return {
    races,
    onState: checkInvariant && ((system) => hold(system, invariant.entry, checkInvariant, "invariant", true)),
    onEnd: (system) => {
      if (checkFinal) hold(system, final.entry, checkFinal, "final", false);
      if (!onEnd) return;
      system.cells.write(scratch!);
      const results = loaded.begin.map((_, processor) =>
        system.hasDied(processor) ? [] : system.local.results(system.stateOf(processor)),
      );
      const wrong = onEnd({ results, memory: scratch! });
      if (wrong !== undefined) throw new Violated("final", wrong);
    },
  };
}

/** A memory with the same contents; shared, which is what those are that it stands for. */
function copyOf({ buffer }: WebAssembly.Memory): WebAssembly.Memory {
  const pages = buffer.byteLength / 65536;
  const copy = new WebAssembly.Memory({ initial: pages, maximum: Math.max(pages, 1), shared: true });
  new Uint8Array(copy.buffer).set(new Uint8Array(buffer));
  return copy;
}
