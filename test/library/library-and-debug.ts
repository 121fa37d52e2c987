/** What the workers of tests find of the library (in-worker.ts). */
export * as debug from "#library/debug/index.js";
export * as library from "#library/index.js";
