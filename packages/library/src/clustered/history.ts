/** The history of what was broadcast: how workers read what is new to them, and how updates come into it. */
import { copyWritten } from "../copy.js";
import { SpaceFullError } from "../errors.js";
import { FREED, holdsTooMany } from "../results.js";
import type { SharedObject } from "../shared-object.js";
import { StructuredReader } from "../structured-reader.js";
import type { Purpose } from "../structured-refusal.js";
import type { StructuredWriter } from "../structured-writer.js";
import { BLOCK_HEADER, copyValue } from "../value.js";

// Results of `replicated_replace`; kernel/library/replicated.ts.
const REPLACED = 0;
const CHANGED = 1;

// Layout, and results of `clustered_extend`; kernel/library/clustered.ts.
const HISTORY_HEADER = 8;
const RECORD_HEADER = 8;
const NO_ROOM = 0;
const TOO_LONG = 1;

/** How far a worker has applied the history. */
export interface Position {
  readonly version: number;
  /** The version of the snapshot from which `end` counts. */
  readonly base: number;
  /** Of that snapshot; 0: there is none. At the base 0 there is none, and then one that somebody took before all updates. */
  readonly snapshotBytes: number;
  /** Where the next update begins. */
  readonly end: number;
}

/** What a worker has to apply, in this order, and how far it is then. */
export interface News {
  /** Takes the place of all that was applied before. */
  readonly snapshot: Uint8Array | undefined;
  readonly updates: readonly Uint8Array[];
  readonly position: Position;
}

/**
 * What a worker at that position has not applied; undefined: it has applied nothing.
 *
 * @throws {FreedError}
 */
export function newsFor(object: SharedObject, position: Position | undefined): News {
  const { space } = object;
  let base = 0;
  let snapshotBytes = 0;
  let begin = 0;
  let isContinued = false;
  let bytes = new Uint8Array();
  const version = copyValue(object, (at, length) => {
    const words = space.words(at, length);
    base = words[at >>> 2]!;
    snapshotBytes = words[(at >>> 2) + 1]! >>> 0;
    isContinued = position?.base === base && position.snapshotBytes === snapshotBytes;
    begin = isContinued ? position!.end : HISTORY_HEADER;
    bytes = space.bytes(at, length).slice(at + begin, at + length);
  });
  const first = isContinued ? 0 : inWords(snapshotBytes);
  const { updates, versions } = recordsOf(bytes, first);
  // Of the updates behind a snapshot that is younger than the position's, it may have applied some, and then all before them.
  const applied = isContinued || !position ? 0 : (position.version - base) >>> 0;
  const isAhead = !isContinued && position !== undefined && applied <= versions;
  const needs = !isContinued && !isAhead && snapshotBytes > 0;
  return {
    snapshot: needs ? bytes.subarray(0, snapshotBytes) : undefined,
    updates: isAhead ? updates.slice(applied) : updates,
    position: { version, base, snapshotBytes, end: begin + bytes.length },
  };
}

function recordsOf(bytes: Uint8Array, first: number): { updates: Uint8Array[]; versions: number } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const updates: Uint8Array[] = [];
  for (let at = first; at < bytes.length; ) {
    const length = view.getUint32(at, true);
    updates.push(bytes.subarray(at + RECORD_HEADER, at + RECORD_HEADER + length));
    at += RECORD_HEADER + inWords(length);
  }
  return { updates, versions: updates.length };
}

/** Whoever reads takes one: what is read may make objects of the program's, which read. */
const readers: StructuredReader[] = [];

/** The value that was written. */
export function valueIn(bytes: Uint8Array, { space }: SharedObject): unknown {
  const reader = readers.pop() ?? new StructuredReader();
  try {
    reader.copy(bytes);
    return reader.read(space);
  } finally {
    readers.push(reader);
  }
}

/**
 * Adds an update at the end of the history, which may take so many bytes of updates then. Its version; undefined: it would
 * take more.
 *
 * @throws {FreedError | SpaceFullError}
 */
export function add(object: SharedObject, update: StructuredWriter, most: number, what: string): number | undefined {
  const { space, handle } = object;
  const { kernel } = space;
  for (;;) {
    const block = kernel.clustered_extend(handle.address, handle.identity, update.at, most) >>> 0;
    const before = kernel.replicated_version.value;
    if (block === TOO_LONG) return undefined;
    if (block === FREED) throw object.freedError(what);
    if (block === NO_ROOM) throw noRoom(update.at, what);
    const end = block + BLOCK_HEADER + space.words(block, BLOCK_HEADER)[block >>> 2]!;
    copyWritten(update, space, end - inWords(update.at));
    const version = replace(object, block, before, what);
    if (version !== undefined) return version;
  }
}

/**
 * Writes the history anew: a snapshot of that version, and an update. The update's version; undefined: another update came
 * before it.
 *
 * @throws {FreedError | SpaceFullError}
 */
export function addAfterSnapshot(
  object: SharedObject,
  { version }: Position,
  snapshot: StructuredWriter,
  update: StructuredWriter,
  what: string,
): number | undefined {
  const { space } = object;
  const bytes = HISTORY_HEADER + inWords(snapshot.at) + RECORD_HEADER + inWords(update.at);
  const block = space.kernel.replicated_room(bytes) >>> 0;
  if (block === 0) throw noRoom(bytes, what);
  const begin = block + BLOCK_HEADER;
  const record = begin + HISTORY_HEADER + inWords(snapshot.at);
  const words = space.words(block, BLOCK_HEADER + bytes);
  words[begin >>> 2] = version;
  words[(begin >>> 2) + 1] = snapshot.at;
  copyWritten(snapshot, space, begin + HISTORY_HEADER);
  words[record >>> 2] = update.at;
  copyWritten(update, space, record + RECORD_HEADER);
  return replace(object, block, version, what);
}

/** Undefined: the history has another version than the expected one. */
function replace(object: SharedObject, block: number, expected: number, what: string): number | undefined {
  const { space, handle } = object;
  const result = space.kernel.replicated_replace(handle.address, handle.identity, block, 1, expected);
  if (result === REPLACED) return space.kernel.replicated_version.value >>> 0;
  space.kernel.release(block);
  if (result === CHANGED) return undefined;
  throw result === FREED ? object.freedError(what) : holdsTooMany(what);
}

function inWords(bytes: number): number {
  return Math.ceil(bytes / 8) * 8;
}

function noRoom(bytes: number, what: string): SpaceFullError {
  return new SpaceFullError(`Cannot ${what}: received ${bytes} bytes and a space that is full; expected room for them`);
}

/** What is written of an update or a snapshot, by errors. */
export function purposeOf(what: string, as: string): Purpose {
  return { verb: what, place: (path) => `${as}${path}`, owner: "the object's", limit: "of all updates" };
}
