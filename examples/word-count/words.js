/** Adds the words of the text to the counts: letters and digits, whatever the script, in lower case. */
export function countWords(text, counts) {
  for (const [word] of text.toLowerCase().matchAll(/[\p{L}\p{N}]+(?:['’][\p{L}\p{N}]+)*/gu)) {
    counts.set(word, (counts.get(word) ?? 0) + 1);
  }
}
