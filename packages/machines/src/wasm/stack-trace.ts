import { placesOf, type SourceMap } from "./source-map.js";

/** A place in a module as the platform's stacks name it; its end is the offset of a byte. */
const PLACE = /wasm:\/\/[^\s()]*:0x([\da-f]+)/g;

/**
 * A stack of the platform without what is none of the program's: its frames, after the message; empty if it has none.
 */
export function programsFrames(stack: string): string {
  const lines = stack.split("\n");
  const first = lines.findIndex((line) => /^\s+at /.test(line));
  const frames = first < 0 ? [] : lines.slice(first).filter((line) => line.includes("wasm://"));
  return frames.length === 0 ? "" : [...lines.slice(0, first), ...frames].join("\n");
}

/**
 * A stack of the platform with source lines in place of a module's bytes, as far as the module's source map has them.
 */
export function withSourceLines(stack: string, sourceMap: SourceMap): string {
  const placeOf = placesOf(sourceMap);
  return stack.replaceAll(PLACE, (place, offset: string) => {
    const found = placeOf(Number.parseInt(offset, 16));
    return found === undefined ? place : `${found.file}:${found.line}`;
  });
}
