/**
 * The programs that some tests need and a machine may lack. Those tests have the name of their need as a tag. Where a
 * program is not found they are left out, and the end of the run says so in one line a need. With CI=1 they run, and fail.
 */
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import type { TestTagDefinition } from "vitest/config";
import type { Reporter, TestModule } from "vitest/node";

interface Need {
  /** The tag of the tests. */
  readonly name: string;
  /** What the tests are about. */
  readonly subject: string;
  readonly programs: readonly string[];
  readonly install: string;
}

const NEEDS: readonly Need[] = [
  {
    name: "clang",
    subject: "programs in C",
    programs: ["clang", "wasm-ld"],
    install: "apt-get install clang lld, version 14 or newer",
  },
  {
    name: "tar",
    subject: "archives",
    programs: ["tar"],
    install: "apt-get install tar",
  },
  {
    name: "chromium",
    subject: "browsers",
    programs: [process.env.CHROMIUM ?? "chromium"],
    install: "apt-get install chromium, or CHROMIUM=PATH of one",
  },
];

/** Where the shell would find a program. */
function find(program: string): string | undefined {
  const isFile = program.includes("/");
  return (process.env.PATH ?? "")
    .split(delimiter)
    .map((folder) => (isFile ? program : join(folder, program)))
    .find((path) => {
      try {
        accessSync(path, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

const missing = NEEDS.filter(({ programs }) => programs.some((program) => find(program) === undefined));

/** The browser that tests drive; the name of one that is not there, where they fail for that. */
export const CHROMIUM = process.env.CHROMIUM ?? find("chromium") ?? "chromium";

export const TAGS: TestTagDefinition[] = NEEDS.map((need) => ({
  name: need.name,
  description: `needs ${need.programs.join(" and ")}`,
  skip: missing.includes(need) && !process.env.CI,
}));

export class LeftOutReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    for (const { name, subject, programs, install } of missing) {
      const needing = tests.filter(({ tags }) => tags.includes(name));
      if (needing.length === 0) continue;
      const text = process.env.CI ? "Cannot run" : "Left out:";
      console.log(`${text} ${needing.length} tests of ${subject}, which need ${programs.join(" and ")} (${install})`);
    }
  }
}
