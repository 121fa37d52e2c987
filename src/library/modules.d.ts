/** The bytes of dist/library.wasm. Written by scripts/build-kernel.mjs. */
export const libraryBytes: Uint8Array<ArrayBuffer>;
/** The bytes of dist/machines/native/instructions.wasm. */
export const instructionsBytes: Uint8Array<ArrayBuffer>;
/** The same, in base 64. */
export const libraryText: string;
export const instructionsText: string;
