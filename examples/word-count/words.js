/** Characters of the longest word: what is longer is data, and is not counted. */
export const LONGEST_WORD = 100;

/** Adds the words of the text to the counts: letters and digits, whatever the script, in lower case. */
export function countWords(text, counts) {
  for (const [word] of text.toLowerCase().matchAll(/[\p{L}\p{N}]+(?:['’][\p{L}\p{N}]+)*/gu)) {
    if (word.length <= LONGEST_WORD) counts.set(word, (counts.get(word) ?? 0) + 1);
  }
}
