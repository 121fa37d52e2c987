import type { SourceMap } from "../wasm/source-map.js";

interface KernelModule {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Without the texts of its files. */
  readonly sourceMap: SourceMap;
}

/** The kernels that boot, compiled, by their names. Written by scripts/build-systems.mjs. */
export const modules: Readonly<Record<string, () => Promise<KernelModule>>>;
