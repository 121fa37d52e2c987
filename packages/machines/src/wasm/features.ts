/** What of WebAssembly processors execute, and how the rest is refused: by the feature's name and where it was met. */

/** Features by the first bytes of their instructions. */
const FEATURES: readonly [feature: string, codes: readonly number[]][] = [
  ["exceptions", [0x06, 0x07, 0x08, 0x09, 0x0a, 0x18, 0x19, 0x1f]],
  ["tail calls", [0x12, 0x13, 0x15]],
  ["typed function references", [0x14, 0xd4, 0xd5, 0xd6]],
  ["garbage collection", [0xd3, 0xfb]],
  ["SIMD", [0xfd]],
];

/** The error that refuses a module. `where`: "function gather", "a type". */
export function unsupported(feature: string, where: string): Error {
  return new Error(
    `Cannot execute ${where}: received ${feature}; expected WebAssembly 1.0 with sign extension, saturating ` +
      "conversions, multi-value, bulk memory, reference types and threads",
  );
}

/** The feature that an instruction belongs to which processors do not execute, if it is known. */
export function unsupportedFeature(code: number): string | undefined {
  return FEATURES.find(([, codes]) => codes.includes(code))?.[0];
}
