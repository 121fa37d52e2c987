import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { describe, expect, test } from "vitest";
import { compile } from "./compiler.js";

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

const sources = fileURLToPath(new URL("../packages/library/src/", import.meta.url));

/** The examples of the library's doc comments, by source file. */
const examples = readdirSync(sources, { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".ts"))
  .flatMap((name) => {
    const text = readFileSync(join(sources, name), "utf8");
    const blocks = [...text.matchAll(/^ *\* ```ts\n([\s\S]*?)^ *\* ```/gm)];
    return blocks.map(([, block], i) => ({
      name: `comment-${basename(name, ".ts")}-${i}`,
      program: block!.replace(/^ *\* ?/gm, ""),
    }));
  });

/** What TypeScript says of files, strict. */
function errorsIn(files: readonly string[], lib: string[], types: string[]): string[] {
  const compilerOptions = {
    module: "nodenext",
    target: "es2022",
    lib,
    types,
    strict: true,
    noUncheckedIndexedAccess: false,
    skipLibCheck: true,
  };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, files }));
  return compile(folder).errors;
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

describe("the examples of the library's doc comments", () => {
  mkdirSync(folder, { recursive: true });
  const files = examples.map(({ name, program }) => {
    const file = join(folder, `${name}.ts`);
    writeFileSync(file, program);
    return file;
  });

  test("compile as TypeScript, strict", () => {
    expect(files.length).toBeGreaterThan(20);
    expect(errorsIn(files, ["es2023", "esnext.disposable"], ["node"])).toEqual([]);
  });

  test("run in Node, and print what their comments say", () => {
    const compilerOptions = { module: ts.ModuleKind.ES2022, target: ts.ScriptTarget.ES2022 };
    const imports = examples.map(({ name, program }) => {
      const script = join(folder, `${name}.mjs`);
      writeFileSync(script, ts.transpileModule(program, { compilerOptions }).outputText);
      return `console.log(${JSON.stringify(name)}); await import(${JSON.stringify(script)});`;
    });
    // A file: workers inherit the options of Node's that a program from the command line has, and cannot start with them.
    const all = join(folder, "comments.mjs");
    writeFileSync(all, imports.join("\n"));
    const printed = execFileSync(process.execPath, [all], { encoding: "utf8" }).split("\n");
    const said = examples.flatMap(({ name, program }) => [
      name,
      // What is behind a colon says why.
      ...[...program.matchAll(/console\.log\(.*\); \/\/ ([^:\n]*)/g)].map(([, text]) => text!),
    ]);
    const found = said.reduce((at, text) => {
      const next = printed.indexOf(text, at);
      expect(next, `${text}, after ${printed[at - 1]}`).toBeGreaterThanOrEqual(0);
      return next + 1;
    }, 0);
    expect(found).toBeGreaterThan(examples.length);
  });
});

/** What an entry point of the library exports: its classes and functions, as users' editors see them. */
function exportsOf(entry: string): ts.Declaration[] {
  const path = fileURLToPath(new URL(`../packages/library/dist/${entry}.d.ts`, import.meta.url));
  const program = ts.createProgram([path], { module: ts.ModuleKind.NodeNext, target: ts.ScriptTarget.ES2022 });
  const checker = program.getTypeChecker();
  const module = checker.getSymbolAtLocation(program.getSourceFile(path)!)!;
  return checker.getExportsOfModule(module).flatMap((symbol) => {
    const { declarations = [] } = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
    return declarations.filter((each) => ts.isClassDeclaration(each) || ts.isFunctionDeclaration(each)).slice(0, 1);
  });
}

/** The methods that programs call on a class's objects. */
function methodsOf(declaration: ts.Declaration): string[] {
  if (!ts.isClassDeclaration(declaration)) return [];
  const hidden = ts.ModifierFlags.Static | ts.ModifierFlags.NonPublicAccessibilityModifier;
  return declaration.members
    .filter((member) => ts.isMethodDeclaration(member) && ts.isIdentifier(member.name))
    .filter((member) => (ts.getCombinedModifierFlags(member) & hidden) === 0)
    .filter((member) => !ts.getJSDocTags(member).some(({ tagName }) => tagName.text === "internal"))
    .map((member) => member.name!.getText());
}

function programsIn(text: string): string {
  return [...text.matchAll(/^(?: *\* )?```(?:js|ts)\n([\s\S]*?)^(?: *\* )?```/gm)]
    .map(([, program]) => program)
    .join("");
}

describe("the library's doc comments", () => {
  const all = ["index", "debug/index"].flatMap(exportsOf);

  test("name a page that there is, of every function and every class with methods", () => {
    const without = all
      .filter((each) => ts.isFunctionDeclaration(each) || methodsOf(each).length > 0)
      .map((each) => each.getFullText().replace(/\n \* /g, " "))
      .filter((text) => !pages.some(({ page }) => text.includes(`See ${page}`)));
    expect(without).toEqual([]);
  });

  test("have an example that calls each method, or name a page that has one", () => {
    const without = all.flatMap((each) => {
      const text = each.getFullText();
      const shown = pages.filter(({ page }) => text.includes(page)).map((page) => programsIn(page.text));
      const code = [programsIn(text), ...shown].join("");
      return methodsOf(each).filter((name) => !code.includes(`.${name}(`));
    });
    expect(without).toEqual([]);
  });
});
