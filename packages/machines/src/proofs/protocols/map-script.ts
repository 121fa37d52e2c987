/** What a processor does with a map, as kernel/library/proofs reads it: a byte for each operation. */
export function encodedScript(operations: readonly string[], script: string): number {
  const texts = script === "" ? [] : script.split("; ");
  return texts.reduce((word, text, i) => {
    const [what, key = "0", value = "0"] = text.split(" ");
    const operation = operations.indexOf(what!);
    return word | (((operation << 5) | (Number(value) << 2) | Number(key)) << (8 * i));
  }, 0);
}
