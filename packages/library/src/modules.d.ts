/** The bytes of kernel/library/library.ts, compiled. Written by scripts/build-kernel.mjs. */
export const libraryBytes: Uint8Array<ArrayBuffer>;
/** The bytes of kernel/native/instructions.ts, compiled. */
export const instructionsBytes: Uint8Array<ArrayBuffer>;
/** The same, in base 64. */
export const libraryText: string;
export const instructionsText: string;
