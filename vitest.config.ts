import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    setupFiles: ["test/setup.ts"],
    pool: "forks",
    // One file at a time: the native machine's processors need the cores.
    fileParallelism: false,
    testTimeout: 300_000,
    hookTimeout: 300_000,
    // What is tested is what is shipped: dist/ runs as Node loads it.
    server: { deps: { external: [/\/dist\//] } },
  },
});
