// References a second that `landspout trace` replays, from the bytes of a file to the counters, by protocol: a
// synthetic trace in the manner of Archibald & Baer (1986), private references by hit ratio and a few shared lines.
import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { finished } from "node:stream/promises";
import { replayFiles } from "#machines/files/trace.js";
import { summarize } from "#machines/index.js";
import { SnoopingBus } from "#machines/machines/simulated/memory/bus.js";
import { PROTOCOLS } from "#machines/machines/simulated/memory/protocols/index.js";

const REFERENCES = 4_000_000;
const REPETITIONS = 5;
const GEOMETRY = { size: 32768, ways: 8, line: 64 };
const GOAL = 5e6;

/** Of all references: to shared lines, to new private lines, writes. */
const SHARED = 0.05;
const FRESH = 0.02;
const WRITES = 0.3;
const SHARED_LINES = 64;
const PRIVATE_LINES = 256;

async function writeTrace(file: string, processors: number): Promise<void> {
  const stream = createWriteStream(file);
  let state = 1;
  // The 32-bit xorshift of Marsaglia (2003), as a fraction.
  const random = () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
  const first = Array.from({ length: processors }, (_, p) => 0x7f0000000000 + p * 2 ** 32);
  let text = "";
  for (let i = 0; i < REFERENCES; i++) {
    const processor = Math.floor(random() * processors);
    if (random() < FRESH) first[processor]! += GEOMETRY.line;
    const shared = random() < SHARED;
    const base = shared ? 0x600000 : first[processor]!;
    const line = Math.floor(random() * (shared ? SHARED_LINES : PRIVATE_LINES));
    const address = base + line * GEOMETRY.line + 8 * Math.floor(random() * 8);
    text += `${processor} ${random() < WRITES ? "w" : "r"} 0x${address.toString(16)}\n`;
    if (text.length < 2 ** 20) continue;
    if (!stream.write(text)) await once(stream, "drain");
    text = "";
  }
  stream.end(text);
  await finished(stream);
}

const folder = await mkdtemp(join(tmpdir(), "landspout-"));
try {
  for (const processors of [4, 16]) {
    const file = join(folder, `${processors}.trace`);
    await writeTrace(file, processors);
    const mebibytes = ((await stat(file)).size / 2 ** 20).toFixed(0);
    console.log(`${processors} processors, ${REFERENCES} references, ${mebibytes} MiB, goal ${GOAL / 1e6} million/s`);
    for (const protocol of PROTOCOLS) {
      const rates: number[] = [];
      let misses = 0;
      for (let repetition = 0; repetition < REPETITIONS; repetition++) {
        const bus = new SnoopingBus(protocol, processors, GEOMETRY);
        const start = performance.now();
        await replayFiles(file, bus);
        rates.push((REFERENCES / (performance.now() - start)) * 1e3);
        misses = bus.counters().reduce((sum, each) => sum + each.readMisses + each.writeMisses, 0) / REFERENCES;
      }
      const { median, minimum, maximum } = summarize(rates)!;
      const [middle, least, most] = [median, minimum, maximum].map((rate) => (rate / 1e6).toFixed(1));
      const percent = (misses * 100).toFixed(1);
      console.log(
        `  ${protocol.name.padEnd(8)} ${middle} (${least}..${most}) million references/s, ${percent} % misses` +
          (median < GOAL ? ", goal not reached" : ""),
      );
    }
  }
} finally {
  await rm(folder, { recursive: true });
}
