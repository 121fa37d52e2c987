/** Arguments and answers of calls, in A-stacks or in blocks of the space where they are larger. */
import { copyWritten } from "../copy.js";
import { SpaceFullError } from "../errors.js";
import type { SharedSpace } from "../space.js";
import { StructuredReader } from "../structured-reader.js";
import type { Purpose } from "../structured-refusal.js";
import { withWriter } from "../structured-writers.js";
import { formsOf, type Thrown, thrownFrom } from "../thrown.js";

/** Bytes of a value's that nobody can use in one space anyway. */
const MOST_BYTES = 2 ** 30;

const reader = new StructuredReader();

/** Where so many bytes can be written; 0: the space is full. */
export type Room = (bytes: number) => number;

/** Room for so many bytes. @throws {SpaceFullError} */
export function placeIn(room: Room, length: number, verb: string): number {
  const address = room(length) >>> 0;
  if (address !== 0) return address;
  throw new SpaceFullError(
    `Cannot ${verb}: received values of ${length} bytes and a space that is full; expected room for them`,
  );
}

/** Writes a value; the bytes that it takes. @throws as `StructuredWriter.write`; {SpaceFullError} */
function writeValue(space: SharedSpace, value: unknown, purpose: Purpose, room: Room): number {
  return withWriter((writer) => {
    writer.write(value, space, MOST_BYTES, purpose);
    copyWritten(writer, space, placeIn(room, writer.at, purpose.verb));
    return writer.at;
  });
}

export function readValue(space: SharedSpace, address: number, length: number): unknown {
  reader.load(space.bytes(address, length), space.words(address, length), address, length);
  return reader.read(space);
}

export function writeArguments(space: SharedSpace, args: readonly unknown[], room: Room, called: string): number {
  const place = (path: string) => `arguments${path}`;
  const purpose = { verb: `call ${called}`, place, owner: "the Service's", limit: "of all values" };
  return writeValue(space, args, purpose, room);
}

export function writeResult(space: SharedSpace, value: unknown, room: Room, called: string): number {
  const place = (path: string) => `result${path}`;
  const purpose = { verb: `return from ${called}`, place, owner: "the Service's", limit: "of all values" };
  return writeValue(space, value, purpose, room);
}

const WITHOUT_ROOM: Thrown = [undefined];

/** What was thrown, in the first form that can be copied; 0 bytes: not even that there was an error. */
export function writeThrown(space: SharedSpace, thrown: unknown, room: Room, called: string): number {
  const place = (path: string) => `error${path.replace(/^\[0\]/, "")}`;
  const purpose = { verb: `throw from ${called}`, place, owner: "the Service's", limit: "of all values" };
  let refusal: unknown;
  const forms = [...formsOf(thrown)];
  for (const form of forms) {
    try {
      return writeValue(space, form, purpose, room);
    } catch (error) {
      refusal ??= error;
    }
  }
  for (const form of [[refusal] as Thrown, WITHOUT_ROOM]) {
    try {
      return writeValue(space, form, purpose, room);
    } catch {
      // The space is full, even for that.
    }
  }
  return 0;
}

export function readThrown(space: SharedSpace, address: number, length: number): unknown {
  return length === 0 ? undefined : thrownFrom(readValue(space, address, length) as Thrown);
}
