// @ts-check
// The library's types for CommonJS, which gets its ES modules by `require`: a file beside each entry point that says
// where the types are. Without it, TypeScript before 5.8 reports error TS1479 to whoever requires the package.
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { publish } from "./assemblyscript.mjs";

const DIST = "packages/library/dist/";
/** package.json has them in "exports". */
const ENTRIES = ["index", "debug/index"];
const FROM_HERE = `with { "resolution-mode": "import" }`;

const paths = ENTRIES.map((entry) => fileURLToPath(new URL(`../${DIST}${entry}.d.ts`, import.meta.url)));
// Names are all that is asked for: no other package's types are read.
const options = { module: ts.ModuleKind.NodeNext, target: ts.ScriptTarget.ES2022, noLib: true, types: [] };
const program = ts.createProgram(paths, options);
const checker = program.getTypeChecker();

/** A type, which is one of the library if it has a name. @param {ts.TypeNode} type */
const fromHere = (type) => `${ts.isTypeReferenceNode(type) ? "all." : ""}${type.getText()}`;

/** With its bound and its default. @param {ts.TypeParameterDeclaration} parameter */
function parameterOf(parameter) {
  const { name, constraint, default: otherwise } = parameter;
  return `${name.text}${constraint ? ` extends ${fromHere(constraint)}` : ""}${otherwise ? ` = ${fromHere(otherwise)}` : ""}`;
}

/** @param {ts.Symbol} symbol */
function declare(symbol) {
  const { name } = symbol;
  if (symbol.declarations?.some(ts.isTypeOnlyExportDeclaration)) return "";
  const { flags, declarations = [] } = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
  if (!(flags & ts.SymbolFlags.Value)) return "";
  const value = `export declare const ${name}: typeof all.${name};\n`;
  const declaration = declarations.find(ts.isClassDeclaration);
  if (!declaration) return value;
  const { typeParameters = [] } = declaration;
  const some = typeParameters.length > 0;
  const parameters = some ? `<${typeParameters.map(parameterOf).join(", ")}>` : "";
  const used = some ? `<${typeParameters.map((parameter) => parameter.name.text).join(", ")}>` : "";
  // What is declared here hides both meanings that the name has there.
  return `${value}export type ${name}${parameters} = all.${name}${used};\n`;
}

for (const [i, entry] of ENTRIES.entries()) {
  const module = /** @type {ts.Symbol} */ (
    checker.getSymbolAtLocation(/** @type {ts.SourceFile} */ (program.getSourceFile(/** @type {string} */ (paths[i]))))
  );
  const from = `"./${entry.split("/").at(-1)}.js" ${FROM_HERE}`;
  const names = checker.getExportsOfModule(module).map(declare).join("");
  await publish(`${DIST}${entry}.d.cts`, `import type * as all from ${from};\nexport type * from ${from};\n${names}`);
}
