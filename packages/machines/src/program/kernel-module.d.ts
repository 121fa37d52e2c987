import type { SourceMap } from "../wasm/source-map.js";

/** The kernel, compiled. Written by scripts/build-kernel.mjs. */
export const bytes: Uint8Array<ArrayBuffer>;
/** Without the texts of its files. */
export const sourceMap: SourceMap;
