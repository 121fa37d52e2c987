import binaryen from "assemblyscript/binaryen";

/** The module of a text, with the names that the text gives. */
export function assemble(text: string): Uint8Array<ArrayBuffer> {
  const module = binaryen.parseText(text);
  module.setFeatures(binaryen.Features.All);
  binaryen.setDebugInfo(true);
  const bytes = module.emitBinary();
  module.dispose();
  return new Uint8Array(bytes);
}
