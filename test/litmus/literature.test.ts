import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { Observation } from "#machines/litmus/litmus-test.js";
import { parseLitmus } from "#machines/litmus/parse.js";
import { runLitmus, unmetExpectation } from "#machines/litmus/run.js";

const examples = new URL("../../examples/litmus/", import.meta.url);

/** By what sequential consistency and x86-TSO allow, and how many states are then possible. */
type Verdicts = readonly [name: string, sc: Observation, tso: Observation, states: readonly [sc: number, tso: number]];

// SB, MP, LB, IRIW, WRC, R, S, 2+2W and CoRR by these names: Alglave, Maranget & Tautschnig, TOPLAS 36(2), 2014. TSO
// lets loads overtake stores, and no more: SB and R.
const EXAMPLES: readonly Verdicts[] = [
  ["sequential-consistency", "Never", "Never", [3, 3]],
  ["SB", "Never", "Sometimes", [3, 4]],
  ["SB+mfences", "Never", "Never", [3, 3]],
  ["MP", "Never", "Never", [3, 3]],
  ["LB", "Never", "Never", [3, 3]],
  ["IRIW", "Never", "Never", [15, 15]],
  ["2+2W", "Never", "Never", [3, 3]],
  ["CoRR", "Never", "Never", [3, 3]],
  ["R", "Never", "Sometimes", [3, 4]],
  ["S", "Never", "Never", [3, 3]],
  ["WRC", "Never", "Never", [7, 7]],
  ["spinlock", "Always", "Always", [1, 1]],
];

describe("the examples", () => {
  test("are all in the table", () => {
    const files = readdirSync(examples).filter((name) => name.endsWith(".litmus"));
    expect(files.sort()).toEqual(EXAMPLES.map(([name]) => `${name}.litmus`).sort());
  });

  test.each(EXAMPLES)("%s: %s under sc, %s under tso", async (name, sc, tso, states) => {
    const example = parseLitmus(name, readFileSync(new URL(`${name}.litmus`, examples), "utf8"));
    expect(example.name).toBe(name);
    for (const [i, model] of (["sc", "tso"] as const).entries()) {
      const run = await runLitmus(example, model);
      expect([run.observation, run.states.length], model).toEqual([[sc, tso][i], states[i]]);
      expect(unmetExpectation(run), model).toBeUndefined();
    }
  });
});

const ONE = "MOV EAX,$1";

// The tests of Intel's white paper (iwp), AMD's manual (amd) and the authors' own (n), with their verdicts: Owens,
// Sarkar & Sewell, TPHOLs 2009, n8 by its errata; n and rwc also in Sewell et al., CACM 53(7), 2010.
type LitmusRow = readonly [name: string, rows: string, proposition: string];

const FORBIDDEN: readonly LitmusRow[] = [
  ["iwp2.1/amd1", "MOV [x],$1 | MOV EAX,[y]; MOV [y],$1 | MOV EBX,[x]", "1:EAX=1 /\\ 1:EBX=0"],
  ["iwp2.2/amd2", "MOV EAX,[x] | MOV EAX,[y]; MOV [y],$1 | MOV [x],$1", "0:EAX=1 /\\ 1:EAX=1"],
  [
    "iwp2.5/amd8",
    "MOV [x],$1 | MOV EAX,[x] | MOV EAX,[y]; | MOV [y],$1 | MOV EBX,[x]",
    "1:EAX=1 /\\ 2:EAX=1 /\\ 2:EBX=0",
  ],
  [
    "iwp2.6",
    "MOV [x],$1 | MOV [x],$2 | MOV EAX,[x] | MOV EAX,[x]; | | MOV EBX,[x] | MOV EBX,[x]",
    "2:EAX=1 /\\ 2:EBX=2 /\\ 3:EAX=2 /\\ 3:EBX=1",
  ],
  [
    "iwp2.7/amd7",
    `${ONE} | ${ONE} | MOV EAX,[x] | MOV EAX,[y]; XCHG [x],EAX | XCHG [y],EAX | MOV EBX,[y] | MOV EBX,[x]`,
    "2:EAX=1 /\\ 2:EBX=0 /\\ 3:EAX=1 /\\ 3:EBX=0",
  ],
  ["iwp2.8.a", `${ONE} | ${ONE}; XCHG [x],EAX | XCHG [y],EAX; MOV EBX,[y] | MOV EBX,[x]`, "0:EBX=0 /\\ 1:EBX=0"],
  ["iwp2.8.b", `${ONE} | MOV EAX,[y]; XCHG [x],EAX | MOV EBX,[x]; MOV [y],$1 |`, "1:EAX=1 /\\ 1:EBX=0"],
  ["amd5", "MOV [x],$1 | MOV [y],$1; MFENCE | MFENCE; MOV EAX,[y] | MOV EAX,[x]", "0:EAX=0 /\\ 1:EAX=0"],
  [
    "amd6",
    "MOV [x],$1 | MOV [y],$1 | MOV EAX,[x] | MOV EAX,[y]; | | MOV EBX,[y] | MOV EBX,[x]",
    "2:EAX=1 /\\ 2:EBX=0 /\\ 3:EAX=1 /\\ 3:EBX=0",
  ],
  [
    "amd10",
    "MOV [x],$1 | MOV [y],$1; MFENCE | MFENCE; MOV EAX,[x] | MOV EAX,[y]; MOV EBX,[y] | MOV EBX,[x]",
    "0:EAX=1 /\\ 0:EBX=0 /\\ 1:EAX=1 /\\ 1:EBX=0",
  ],
  [
    "n2",
    "MOV [y],$1 | MOV [x],$2 | MOV EAX,[x] | MOV EAX,[z]; MOV [x],$1 | MOV [z],$1 | MOV EBX,[x] | MOV EBX,[y]",
    "2:EAX=1 /\\ 2:EBX=2 /\\ 3:EAX=1 /\\ 3:EBX=0",
  ],
  [
    "n3",
    `${ONE} | MOV [y],$1 | MOV EAX,[y] | MOV EAX,[x]; XCHG [x],EAX | | MOV EBX,[x] | MOV EBX,[y]; | | MOV ECX,[x] | MOV ECX,[y]`,
    "2:EAX=1 /\\ 2:EBX=0 /\\ 2:ECX=1 /\\ 3:EAX=1 /\\ 3:EBX=0 /\\ 3:ECX=1",
  ],
  [
    "n4",
    "MOV EAX,[x] | MOV EAX,[x]; MOV [x],$1 | MOV [x],$2; MOV EBX,[x] | MOV EBX,[x]",
    "0:EAX=2 /\\ 0:EBX=1 /\\ 1:EAX=1 /\\ 1:EBX=2",
  ],
  ["n5", "MOV [x],$1 | MOV [x],$2; MOV EAX,[x] | MOV EAX,[x]", "0:EAX=2 /\\ 1:EAX=1"],
  [
    "rwc-fenced",
    "MOV [x],$1 | MOV EAX,[x] | MOV [y],$1; | MOV EBX,[y] | MFENCE; | | MOV EAX,[x]",
    "1:EAX=1 /\\ 1:EBX=0 /\\ 2:EAX=0",
  ],
];

/** By x86-TSO, and not by sequential consistency. */
const ALLOWED: readonly LitmusRow[] = [
  ["iwp2.3.a/amd4", "MOV [x],$1 | MOV [y],$1; MOV EAX,[y] | MOV EAX,[x]", "0:EAX=0 /\\ 1:EAX=0"],
  [
    "iwp2.4/amd9",
    "MOV [x],$1 | MOV [y],$1; MOV EAX,[x] | MOV EAX,[y]; MOV EBX,[y] | MOV EBX,[x]",
    "0:EAX=1 /\\ 0:EBX=0 /\\ 1:EAX=1 /\\ 1:EBX=0",
  ],
  ["amd3", "MOV [x],$1 | MOV [y],$1; MOV [x],$2 | MOV [y],$2; MOV EAX,[y] | MOV EAX,[x]", "0:EAX=1 /\\ 1:EAX=1"],
  [
    "n1",
    "MOV [x],$2 | MOV [y],$1 | MOV EAX,[x]; MOV EAX,[y] | MOV [x],$1 | MOV EBX,[x]",
    "0:EAX=0 /\\ 2:EAX=1 /\\ 2:EBX=2",
  ],
  ["n6", "MOV [x],$1 | MOV [y],$2; MOV EAX,[x] | MOV [x],$2; MOV EBX,[y] |", "0:EAX=1 /\\ 0:EBX=0 /\\ x=1"],
  [
    "n7",
    "MOV [x],$1 | MOV [y],$1 | MOV EAX,[y]; MOV EAX,[x] | | MOV EBX,[x]; MOV EBX,[y] | |",
    "0:EAX=1 /\\ 0:EBX=0 /\\ 2:EAX=1 /\\ 2:EBX=0",
  ],
  ["n8", `${ONE} | MOV [y],$1; XCHG [x],EAX | MOV EBX,[x]; MOV EBX,[y] |`, "0:EBX=0 /\\ 1:EBX=0"],
  [
    "rwc-unfenced",
    "MOV [x],$1 | MOV EAX,[x] | MOV [y],$1; | MOV EBX,[y] | MOV EAX,[x]",
    "1:EAX=1 /\\ 1:EBX=0 /\\ 2:EAX=0",
  ],
];

const REQUIRED: readonly LitmusRow[] = [
  ["iwp2.3.b", "MOV [x],$1 | MOV [y],$1; MOV EAX,[x] | MOV EAX,[y]", "0:EAX=1 /\\ 1:EAX=1"],
];

describe("the tests of x86-TSO", () => {
  const observations = async ([name, rows, proposition]: LitmusRow) => {
    const threads = rows
      .split(";")[0]!
      .split("|")
      .map((_, i) => `P${i}`);
    const text = `X86 ${name}\n{}\n${threads.join(" | ")} ;\n${rows} ;\nexists (${proposition})`;
    const runs = (["sc", "tso"] as const).map((model) => runLitmus(parseLitmus(name, text), model));
    return (await Promise.all(runs)).map(({ observation }) => observation);
  };

  test.each(FORBIDDEN)("%s is forbidden", async (...row) => {
    expect(await observations(row)).toEqual(["Never", "Never"]);
  });

  test.each(ALLOWED)("%s is allowed by store buffers", async (...row) => {
    expect(await observations(row)).toEqual(["Never", "Sometimes"]);
  });

  test.each(REQUIRED)("%s is required", async (...row) => {
    expect(await observations(row)).toEqual(["Always", "Always"]);
  });
});
