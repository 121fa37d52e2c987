/** Writes the few pieces of a WebAssembly module that a litmus test needs. */

export type Bytes = readonly number[];

export const I32 = 0x7f;
export const I64 = 0x7e;

/** LEB128. */
export function unsigned(value: number): number[] {
  return value < 128 ? [value] : [(value % 128) + 128, ...unsigned(Math.floor(value / 128))];
}

/** LEB128 of a signed number. */
export function signed(value: bigint): number[] {
  const low = Number(BigInt.asUintN(7, value));
  return BigInt.asIntN(7, value) === value ? [low] : [low + 128, ...signed(value >> 7n)];
}

function vector(items: readonly Bytes[]): number[] {
  return [...unsigned(items.length), ...items.flat()];
}

function text(name: string): number[] {
  return vector([...new TextEncoder().encode(name)].map((byte) => [byte]));
}

export interface Entry {
  readonly name: string;
  /** Results of 64 bits. */
  readonly results: number;
  readonly locals: readonly number[];
  /** With its last end. */
  readonly body: Bytes;
}

/** A module that imports one shared page as `env.memory` and exports entries without parameters. */
export function moduleOf(entries: readonly Entry[]): Uint8Array<ArrayBuffer> {
  const section = (id: number, items: readonly Bytes[]) => {
    const content = vector(items);
    return [id, ...unsigned(content.length), ...content];
  };
  const sharedPage = [0x02, 0x03, 1, 1];
  const code = entries.map(({ locals, body }) => {
    const bytes = [...vector(locals.map((type) => [1, type])), ...body];
    return [...unsigned(bytes.length), ...bytes];
  });
  return new Uint8Array([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(
      1,
      entries.map(({ results }) => [0x60, 0, ...vector(Array.from({ length: results }, () => [I64]))]),
    ),
    ...section(2, [[...text("env"), ...text("memory"), ...sharedPage]]),
    ...section(
      3,
      entries.map((_, i) => unsigned(i)),
    ),
    ...section(
      7,
      entries.map(({ name }, i) => [...text(name), 0, ...unsigned(i)]),
    ),
    ...section(10, code),
  ]);
}
