import { crc32, deflateSync, inflateSync } from "node:zlib";

/**
 * Four bytes a pixel: red, green, blue, opacity.
 *
 * @typedef {{ width: number, height: number, pixels: Uint8Array }} Image
 */

const SIGNATURE = Buffer.from("\x89PNG\r\n\x1a\n", "latin1");
/** Some 250 MB, decoded. */
const MOST_PIXELS = 2 ** 26;
/** By the number of a color type: red, green, blue, or opacity besides. */
const CHANNELS = { 2: 3, 6: 4 };

/** What a byte of a line is predicted from, by the number of the line's filter: the bytes to the left, above, and both. */
const PREDICTIONS = [
  () => 0,
  (left) => left,
  (_, up) => up,
  (left, up) => (left + up) >> 1,
  (left, up, both) => {
    const [a, b, c] = [Math.abs(up - both), Math.abs(left - both), Math.abs(left + up - 2 * both)];
    return a <= b && a <= c ? left : b <= c ? up : both;
  },
];

/**
 * A PNG with eight bits a channel, as cameras, browsers and drawing programs write it.
 *
 * @param {Uint8Array} png
 * @returns {Image}
 * @throws {TypeError} for every other file
 */
export function decode(png) {
  const file = Buffer.from(png.buffer, png.byteOffset, png.length);
  if (!file.subarray(0, SIGNATURE.length).equals(SIGNATURE)) throw refused("no PNG");
  const [[, header] = [], ...chunks] = chunksOf(file);
  if (header?.length !== 13) throw refused("a PNG without a header");
  const [width, height, depth, color, interlaced] = [
    header.readUInt32BE(0),
    header.readUInt32BE(4),
    ...[8, 9, 12].map((at) => header[at]),
  ];
  const channels = CHANNELS[color];
  if (depth !== 8 || !channels || interlaced) throw refused("palettes, grey, 16 bits or interlaced lines");
  if (width * height > MOST_PIXELS) throw refused(`${width} by ${height} pixels`);
  const data = chunks.filter(([type]) => type === "IDAT").map(([, body]) => body);
  const length = height * (1 + width * channels);
  const lines = inflated(Buffer.concat(data), length);
  return { width, height, pixels: unfiltered(lines, width, height, channels) };
}

/** @param {Image} image */
export function encode({ width, height, pixels }) {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 6], 8);
  // Each line begins with the number of its filter: none.
  const lines = Buffer.alloc(height * (1 + 4 * width));
  for (let y = 0; y < height; y++)
    lines.set(pixels.subarray(4 * width * y, 4 * width * (y + 1)), (1 + 4 * width) * y + 1);
  return Buffer.concat([
    SIGNATURE,
    chunk("IHDR", header),
    chunk("IDAT", deflateSync(lines)),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

function chunksOf(file) {
  const chunks = [];
  for (let at = SIGNATURE.length; at + 12 <= file.length; ) {
    const length = file.readUInt32BE(at);
    chunks.push([file.toString("latin1", at + 4, at + 8), file.subarray(at + 8, at + 8 + length)]);
    at += 12 + length;
  }
  return chunks;
}

function chunk(type, body) {
  const chunk = Buffer.alloc(12 + body.length);
  chunk.writeUInt32BE(body.length, 0);
  chunk.write(type, 4, "latin1");
  chunk.set(body, 8);
  chunk.writeUInt32BE(crc32(chunk.subarray(4, 8 + body.length)), 8 + body.length);
  return chunk;
}

function inflated(data, length) {
  try {
    const lines = inflateSync(data, { maxOutputLength: length });
    if (lines.length === length) return lines;
  } catch {}
  throw refused("a PNG that is damaged");
}

function unfiltered(lines, width, height, channels) {
  const pixels = new Uint8Array(4 * width * height).fill(255);
  for (let y = 0, from = 0; y < height; y++) {
    const predict = PREDICTIONS[lines[from++]];
    if (!predict) throw refused("a filter that PNG does not have");
    for (let x = 0; x < width; x++) {
      const to = 4 * (width * y + x);
      for (let channel = 0; channel < channels; channel++) {
        const at = to + channel;
        const left = x > 0 ? pixels[at - 4] : 0;
        const up = y > 0 ? pixels[at - 4 * width] : 0;
        const both = x > 0 && y > 0 ? pixels[at - 4 * width - 4] : 0;
        pixels[at] = lines[from++] + predict(left, up, both);
      }
    }
  }
  return pixels;
}

function refused(what) {
  return new TypeError(`Cannot decode an image: received ${what}; expected a PNG of 8 bits red, green, blue`);
}
