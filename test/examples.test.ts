import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { describe, expect, test } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));
/** Inside the workspace, so that programs import it by its name. */
const folder = `${root}dist/.docs/typescript`;

const pages = [
  "README.md",
  ...["docs", "docs/library"].flatMap((at) => readdirSync(join(root, at)).map((name) => `${at}/${name}`)),
]
  .filter((name) => name.endsWith(".md"))
  .map((page) => ({ page, text: readFileSync(join(root, page), "utf8") }));

/** The programs of all pages: js and ts. */
const programs = pages.flatMap(({ page, text }) =>
  [...text.matchAll(/^```(?:js|ts)\n([\s\S]*?)^```/gm)].map(([, program], i) => ({
    page,
    name: `${basename(page, ".md")}-${i}.ts`,
    program: program!,
  })),
);

/** What TypeScript says of files, strict. */
function errorsIn(files: readonly string[], lib: string[], types: string[]): string[] {
  const program = ts.createProgram({
    rootNames: files,
    options: {
      module: ts.ModuleKind.NodeNext,
      target: ts.ScriptTarget.ES2022,
      lib: lib.map((name) => `lib.${name}.d.ts`),
      types,
      strict: true,
      noUncheckedIndexedAccess: false,
      skipLibCheck: true,
      noEmit: true,
    },
  });
  return ts.getPreEmitDiagnostics(program).map(({ file, start = 0, messageText }) => {
    const at = file ? `${basename(file.fileName)}:${file.getLineAndCharacterOfPosition(start).line + 1} ` : "";
    return `${at}${ts.flattenDiagnosticMessageText(messageText, "\n")}`;
  });
}

describe("the examples of README and docs", () => {
  mkdirSync(folder, { recursive: true });
  for (const { name, program } of programs) {
    const source = program.replaceAll("./node_modules/landspout/dist/index.js", "landspout");
    writeFileSync(join(folder, name), `${source}\nexport {};\n`);
  }
  const [ofPages, ofNode] = [true, false].map((isOfPage) =>
    programs
      .filter(({ program }) => /\b(document|window|self)\b/.test(program) === isOfPage)
      .map(({ name }) => join(folder, name)),
  ) as [string[], string[]];

  test("are programs of all pages that have code", () => {
    expect(programs.length).toBeGreaterThan(15);
  });

  test("compile as TypeScript, strict, with the types of Node and without the DOM's", () => {
    expect(errorsIn(ofNode, ["es2023", "esnext.disposable"], ["node"])).toEqual([]);
  });

  test("compile as TypeScript, strict, with the DOM's types besides", () => {
    expect(errorsIn([...ofNode, ...ofPages], ["es2023", "esnext.disposable", "dom", "dom.iterable"], ["node"])).toEqual(
      [],
    );
  });
});
