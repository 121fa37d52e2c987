/** The values of jobs: written into their records, or into blocks of the space where they are larger; and read from there. */
import { copyIn, copyWritten } from "../copy.js";
import { SpaceFullError } from "../errors.js";
import type { SharedSpace } from "../space.js";
import type { Call } from "../structured-format.js";
import { StructuredReader } from "../structured-reader.js";
import type { Purpose } from "../structured-refusal.js";
import { withWriter } from "../structured-writers.js";
import { LastCall } from "./bare-calls.js";
import { ARGUMENTS, ARGUMENTS_BLOCK, ARGUMENTS_BYTES, RESULT, RESULT_BLOCK, RESULT_BYTES } from "./layout.js";

/** Bytes of a value's that nobody can use in one space anyway. */
const MOST_BYTES = 2 ** 30;

const reader = new StructuredReader();
const lastCall = new LastCall();

export function purposeOfRun(name: string): Purpose {
  const place = (path: string) => path.replace(/^\[1\]/, "arguments").replace(/^\[2\]/, "context");
  return { verb: `run ${name}`, place, owner: "the Pool's", limit: "of all values" };
}

export function purposeOfResult(name: string): Purpose {
  return { verb: `return from ${name}`, place: (path) => `result${path}`, owner: "the Pool's", limit: "of all values" };
}

/** Of what a task throws, as thrown.ts has it. */
export function purposeOfThrow(name: string): Purpose {
  const place = (path: string) => `error${path.replace(/^\[0\]/, "")}`;
  return { ...purposeOfResult(name), verb: `throw from ${name}`, place };
}

/** A call as it is now, to be written into a record later. @throws as `StructuredWriter.write` */
export function written(space: SharedSpace, call: Call, purpose: Purpose): Uint8Array {
  return withWriter((writer) => {
    writer.writeCall(call, space, MOST_BYTES, purpose);
    return writer.written();
  });
}

/** What was written, read. */
export function readWritten(space: SharedSpace, bytes: Uint8Array): Call {
  reader.copy(bytes);
  return reader.readCall(space);
}

/** A value as another thread would receive it. @throws as `StructuredWriter.write` */
export function copied(space: SharedSpace, value: unknown, purpose: Purpose): unknown {
  withWriter((writer) => {
    writer.write(value, space, MOST_BYTES, purpose);
    reader.copy(writer.bytes.subarray(0, writer.at));
  });
  return reader.read(space);
}

/** As `writeValue`, of what was written before. */
export function writeBytes(space: SharedSpace, bytes: Uint8Array, purpose: Purpose, room: Room, job: number): void {
  const { length } = bytes;
  // First: the space may grow there.
  const address = placeFor(length, purpose, room, job);
  copyIn(bytes, length, space.bytes(address, length), address);
}

/** Where there is a place for so many bytes of a job; 0: nowhere. */
type Room = (bytes: number, job: number) => number;

/**
 * Writes a value, calls `room` for a place for so many bytes, and copies it there.
 *
 * @throws as `StructuredWriter.write`; {SpaceFullError} if `room` has none
 */
export function writeValue(space: SharedSpace, value: unknown, purpose: Purpose, room: Room, job: number): void {
  withWriter((writer) => {
    writer.write(value, space, MOST_BYTES, purpose);
    copyWritten(writer, space, placeFor(writer.at, purpose, room, job));
  });
}

/** As `writeValue`. */
export function writeCall(space: SharedSpace, call: Call, purpose: Purpose, room: Room, job: number): void {
  withWriter((writer) => {
    writer.writeCall(call, space, MOST_BYTES, purpose);
    copyWritten(writer, space, placeFor(writer.at, purpose, room, job));
  });
}

/** @throws {SpaceFullError} if `room` has none */
export function placeFor(length: number, { verb }: Purpose, room: Room, job: number): number {
  const address = room(length, job) >>> 0;
  if (address !== 0) return address;
  throw new SpaceFullError(
    `Cannot ${verb}: received values of ${length} bytes and a space that is full; expected room for them`,
  );
}

/** What job `record` is called with. @throws {DOMException} of name `DataCloneError`, if there is no memory for it */
export function readArguments(space: SharedSpace, record: number): Call {
  const words = space.words(record, RESULT);
  const length = words[(record + ARGUMENTS_BYTES) >>> 2]!;
  const begin = (record + ARGUMENTS) >>> 2;
  const isInPlace = words[(record + ARGUMENTS_BLOCK) >>> 2] === 0;
  const known = isInPlace ? lastCall.find(words, begin, length) : undefined;
  if (known) return known;
  load(space, record, ARGUMENTS_BYTES, ARGUMENTS_BLOCK, ARGUMENTS);
  const call = reader.readCall(space);
  if (isInPlace) lastCall.keep(call, words, begin, length);
  return call;
}

/** Its result, or what was thrown; as `readArguments`. */
export function readResult(space: SharedSpace, record: number): unknown {
  load(space, record, RESULT_BYTES, RESULT_BLOCK, RESULT);
  return reader.read(space);
}

/** As `readResult`, of a chunk: it has the form of a call. */
export function readChunkOutcome(space: SharedSpace, record: number): Call {
  load(space, record, RESULT_BYTES, RESULT_BLOCK, RESULT);
  return reader.readCall(space);
}

function load(space: SharedSpace, record: number, bytes: number, block: number, inPlace: number): void {
  const words = space.words(record, RESULT);
  const length = words[(record + bytes) >>> 2]!;
  const begin = words[(record + block) >>> 2]! >>> 0 || record + inPlace;
  reader.load(space.bytes(begin, length), space.words(begin, length), begin, length);
}
