import { instructionsText, libraryText } from "../modules.js";

/**
 * The whole of a guardian's script: its code, of guardian-code.js, with the modules' bytes, which are in the library
 * once.
 */
export function guardianScript(code: string): string {
  const modules = { library: libraryText, instructions: instructionsText };
  return `"use strict";const landspoutModules=${JSON.stringify(modules)};${code}`;
}
