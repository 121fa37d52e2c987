import { SourceMap, type SourceMapPayload } from "node:module";

/** A place in a module as the platform's stacks name it; its end is the offset of a byte. */
const PLACE = /wasm:\/\/[^\s()]*:0x([\da-f]+)/g;

/** A stack of the platform with source lines in place of a module's bytes, as far as the module's source map has them. */
export function withSourceLines(stack: string, sourceMap: SourceMapPayload): string {
  const map = new SourceMap(sourceMap);
  return stack.replaceAll(PLACE, (place, offset: string) => {
    const entry = map.findEntry(0, Number.parseInt(offset, 16));
    return "originalSource" in entry ? `${entry.originalSource}:${entry.originalLine + 1}` : place;
  });
}
