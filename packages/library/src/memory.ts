/**
 * A `WebAssembly.Memory`, by the types that the importing program has of it: the DOM's, or, where there are none, as in many
 * programs for Node, what is used of it.
 */
export type Memory = typeof globalThis extends { WebAssembly: { Memory: new (...descriptor: never) => infer Known } }
  ? Known
  : { readonly buffer: ArrayBuffer; grow(pages: number): number };
