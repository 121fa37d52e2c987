import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { describe, expect, test } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));

/** What each file of a folder imports from the same folder, types too. */
function importsIn(folder: string): Map<string, string[]> {
  const from = join(root, folder);
  const files = readdirSync(from, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts"));
  return new Map(
    files.map((file) => {
      const { importedFiles } = ts.preProcessFile(readFileSync(join(from, file), "utf8"), true, true);
      // Two files, of which the package's conditions choose one.
      const hosts = importedFiles.some(({ fileName }) => fileName === "#host")
        ? ["host/node.ts", "host/browser.ts"]
        : [];
      const paths = importedFiles
        .filter(({ fileName }) => fileName.startsWith("."))
        .map(({ fileName }) => relative(from, join(from, dirname(file), fileName.replace(/\.js$/, "").concat(".ts"))));
      return [file, [...new Set([...paths, ...hosts])]];
    }),
  );
}

/** The first circle that is found, as the path around it. */
function circleIn(imports: Map<string, string[]>): string[] | undefined {
  const done = new Set<string>();
  const follow = (file: string, path: string[]): string[] | undefined => {
    if (path.includes(file)) return [...path.slice(path.indexOf(file)), file];
    if (done.has(file)) return undefined;
    for (const next of imports.get(file) ?? []) {
      const circle = follow(next, [...path, file]);
      if (circle) return circle;
    }
    done.add(file);
    return undefined;
  };
  for (const file of imports.keys()) {
    const circle = follow(file, []);
    if (circle) return circle;
  }
  return undefined;
}

/** Folders of the machines that know neither Node nor browsers: what they need of these is in host/. */
const ANYWHERE = [
  "wasm",
  "processor",
  "program",
  "machines/simulated",
  "machines/checked",
  "machines/presets",
  "litmus",
  "published",
].map((folder) => `packages/machines/src/${folder}`);

/** What the compiler does not know in these files, and in what they import, where it has no Node. */
function compileForBrowsers(include: readonly string[]): { compiled: string[]; errors: string[] } {
  const { config } = ts.readConfigFile(join(root, "tsconfig.json"), ts.sys.readFile);
  const { options, fileNames } = ts.parseJsonConfigFileContent({ ...config, include }, ts.sys, root);
  const program = ts.createProgram(fileNames, {
    ...options,
    types: [],
    customConditions: ["browser"],
    incremental: false,
    noEmit: true,
    rootDir: join(root, "packages/machines/src"),
    outDir: join(root, "packages/machines/dist"),
  });
  return {
    compiled: program.getSourceFiles().map(({ fileName }) => relative(root, fileName)),
    errors: ts.getPreEmitDiagnostics(program).map(({ file, start, messageText }) => {
      const line = file && file.getLineAndCharacterOfPosition(start!).line + 1;
      return `${file && relative(root, file.fileName)}:${line} ${ts.flattenDiagnosticMessageText(messageText, " ")}`;
    }),
  };
}

describe("The machines' face for browsers", () => {
  test("and the folders that run anywhere name no module and no global of Node", () => {
    const { compiled, errors } = compileForBrowsers([...ANYWHERE, "packages/machines/src/browser.ts"]);
    expect(compiled).toContain("packages/machines/src/host/browser.ts");
    expect(compiled.filter((file) => /@types\/node|host\/node|machines\/native|src\/files\//.test(file))).toEqual([]);
    expect(errors).toEqual([]);
  });
});

describe("The imports", () => {
  test.each(["kernel", "packages/library/src", "packages/machines/src"])(
    "of %s make no circle, not even of types",
    (folder) => {
      expect(circleIn(importsIn(folder))).toBeUndefined();
    },
  );
});
