import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { describe, expect, test } from "vitest";
import { compile } from "./compiler.js";

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

describe("The machines' face for browsers", () => {
  test("and the folders that run anywhere name no module and no global of Node", () => {
    const { compiled, errors } = compile(join(root, "packages/machines/tsconfig.browser.json"));
    expect(compiled).toContain(join(root, "packages/machines/src/host/browser.ts"));
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
