// @ts-check
// Compiles kernel/library, with its proofs and those of kernel/objects, to library.wasm in packages/machines/dist, which
// the checked machine executes. What ships are the same functions: the proofs' entries are taken out, then what nothing
// refers to any more, and nothing is optimized anew. test/library/shipped.test.ts compares the two, function by function.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import binaryen from "assemblyscript/binaryen";
import { base64, compile, DECODE, publish, root, SHARED_MEMORY } from "./assemblyscript.mjs";

const PROOFS = ["kernel/library/proofs/index.ts", "kernel/objects/proofs/index.ts"];
const PROVEN = "packages/machines/dist/library.wasm";
const INSTRUCTIONS = "packages/machines/dist/machines/native/instructions.wasm";

await compile(["kernel/library/library.ts", ...PROOFS], PROVEN, { options: SHARED_MEMORY });
await compile(["kernel/native/instructions.ts"], INSTRUCTIONS);

/** Names stay: traps say where they were. */
async function shipped() {
  const texts = await Promise.all(PROOFS.map((file) => readFile(join(root, file), "utf8")));
  const entries = [...texts.join("\n").matchAll(/export \{([^}]*)\}/g)].flatMap(
    ([, names]) => names?.match(/\w+/g) ?? [],
  );
  // The compiler would let one take the other's place.
  const twice = entries.find((name, at) => entries.indexOf(name) !== at);
  if (twice) throw new Error(`Cannot build the proofs: received two entries ${twice}; expected names of their own`);
  const module = binaryen.readBinary(await readFile(join(root, PROVEN)));
  for (const name of entries) module.removeExport(name);
  module.runPasses(["remove-unused-module-elements"]);
  binaryen.setDebugInfo(true);
  return module.emitBinary();
}

// As JavaScript, so that the library needs no file and no waiting, in Node, in browsers and in bundles.
await publish(
  "packages/library/dist/modules.js",
  `${DECODE}
export const libraryText = "${base64(await shipped())}";
export const instructionsText = "${base64(await readFile(join(root, INSTRUCTIONS)))}";
export const libraryBytes = decode(libraryText);
export const instructionsBytes = decode(instructionsText);
`,
);
