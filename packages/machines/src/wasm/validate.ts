/** @throws {WebAssembly.CompileError} if the bytes are no module, with the platform's reason */
export function validate(bytes: Uint8Array<ArrayBuffer>): void {
  if (!WebAssembly.validate(bytes)) new WebAssembly.Module(bytes);
}
