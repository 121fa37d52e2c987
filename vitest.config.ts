import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";
import { LeftOutReporter, TAGS } from "./test/left-out.js";

/** What computes in one thread. */
const ALONE = [
  "test/{kernel,litmus,program,proofs,published,report,stepped}/**/*.test.ts",
  "test/machines/{checked,presets,simulated}/**/*.test.ts",
  "test/library/protocols/*.test.ts",
];

/** Likewise, in processes of their own: they set flags of V8. */
const PROCESSOR = ["test/{processor,wasm}/**/*.test.ts"];

/** Commands and whole programs, each a process or few. */
const PROCESSES = [
  "test/*.test.ts",
  "test/{cli,examples,experiments}/**/*.test.ts",
  "test/library/{browser,bundled}.test.ts",
];

/** Workers that are killed, by the hundred. */
const KILLS = ["test/library/kills*.test.ts"];

/** Tests of `npm run test:all` alone. */
const LONG = { name: "long", description: "takes more than some seconds", timeout: 0 };

/** A file's size does not say how long it takes; where one that takes minutes begins last, the other cores wait for it. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isLong = ({ moduleId }: TestSpecification) => /\/kills[^/]*$/.test(moduleId);
    const sorted = await super.sort(files);
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}

export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirst },
    setupFiles: ["test/setup.ts"],
    tags: [...TAGS, LONG],
    reporters: ["default", new LeftOutReporter()],
    pool: "forks",
    testTimeout: 300_000,
    hookTimeout: 300_000,
    // What is tested is what is shipped: dist/ runs as Node loads it.
    server: { deps: { external: [/\/dist\//] } },
    // One process executes file after file of a project: each would load the machines and the library anew. A file leaves
    // nothing behind that others would notice.
    isolate: false,
    projects: [
      // As many files at a time as there are cores.
      { extends: true, test: { name: "alone", include: ALONE, maxWorkers: "100%", sequence: { groupOrder: 0 } } },
      {
        extends: true,
        test: { name: "processor", include: PROCESSOR, maxWorkers: "100%", sequence: { groupOrder: 0 } },
      },
      {
        extends: true,
        test: { name: "processes", include: PROCESSES, maxWorkers: "100%", sequence: { groupOrder: 0 } },
      },
      {
        extends: true,
        test: {
          name: "together",
          include: ["test/**/*.test.ts"],
          exclude: [...ALONE, ...PROCESSOR, ...PROCESSES, ...KILLS],
          // Four files at a time, on however many cores: each has threads of its own, and waits for them most of the time.
          maxWorkers: 4,
          sequence: { groupOrder: 1 },
        },
      },
      { extends: true, test: { name: "kills", include: KILLS, maxWorkers: 4, sequence: { groupOrder: 1 } } },
    ],
  },
});
