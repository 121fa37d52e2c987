import binaryen from "assemblyscript/binaryen";

/** The module of a text, with the names that the text gives. */
export function assemble(text: string): Uint8Array<ArrayBuffer> {
  const module = binaryen.parseText(text);
  // As the text says it. The level is the whole process's, and AssemblyScript's compiler leaves its own behind.
  binaryen.setOptimizeLevel(0);
  binaryen.setShrinkLevel(0);
  module.setFeatures(binaryen.Features.All);
  binaryen.setDebugInfo(true);
  const bytes = module.emitBinary();
  module.dispose();
  return new Uint8Array(bytes);
}
