import { readFileSync } from "node:fs";
import { workerData } from "node:worker_threads";
import { receive } from "landspout";
import { countWords } from "./words.js";

/** Of some 20 bytes, and 3 for each of LONGEST_WORD characters at most: a message has to fit into the channel. */
const WORDS_A_MESSAGE = 1000;

const { paths, results } = receive(workerData);
const counts = new Map();
for (let path = paths.receive(); path !== undefined; path = paths.receive()) {
  try {
    const bytes = readFileSync(path);
    const isText = !bytes.includes(0);
    if (isText) countWords(bytes.toString(), counts);
    results.send({ file: isText ? "counted" : "binary" });
  } catch (error) {
    results.send({ file: "failed", message: error.message });
  }
}
const entries = [...counts];
for (let i = 0; i < entries.length; i += WORDS_A_MESSAGE)
  results.send({ counts: entries.slice(i, i + WORDS_A_MESSAGE) });
results.send({ ended: true });
