import { ACCESS_OF_PAGE, FAULT } from "../../../program/privileged.js";
import type { Frames } from "./booted-processor.js";

/**
 * Why a kernel abandons a program, if that is something that the program did.
 *
 * @param top the top of its stack
 * @param called the program's frames, which `call` began
 * @param trapText what a trap of WebAssembly is called
 * @returns undefined if the kernel does so of its own accord, or because the program asks for it
 */
export function faultOf(top: Frames, called: Frames, trapText: (trap: number) => string): string | undefined {
  let handler: Frames | undefined = top;
  while (handler !== undefined && handler.below !== called) handler = handler.below;
  const trap = handler?.entered.trap;
  if (trap === undefined) return undefined;
  const { number, words } = trap;
  switch (handler!.entered.by) {
    case "FAULT":
      if (number === FAULT.failed) return `fail(${words[0]})`;
      return number === FAULT.message ? "send or receive" : trapText(number - FAULT.first);
    case "READ_ONLY":
      return `a write to ${hexadecimal(words[1])}, which is to be read only`;
    case "TRANSLATION_MISS": {
      const access = { [ACCESS_OF_PAGE.read]: "a read of", [ACCESS_OF_PAGE.write]: "a write to" }[words[0]!];
      return access && `${access} ${hexadecimal(words[1])}, which the kernel did not map`;
    }
    case "WAIT":
      return `a wait at ${hexadecimal(words[0])}, which the kernel ended`;
    case "NOTIFY":
      return `a notify at ${hexadecimal(words[0])}, which the kernel did not allow`;
    default:
      return undefined;
  }
}

function hexadecimal(address = 0): string {
  return `0x${(address >>> 0).toString(16)}`;
}
