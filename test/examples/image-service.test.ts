import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deflateSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Random } from "#machines/machines/random.js";
import { decode, encode, type Image } from "../../examples/image-service/png.js";
import { shrink } from "../../examples/image-service/shrink.js";
import { startWith } from "./program.js";

/** An image whose pixels have nothing to do with each other. */
function noise(width: number, height: number): Image {
  const random = new Random(7);
  return { width, height, pixels: Uint8Array.from({ length: 4 * width * height }, () => random.below(256)) };
}

function plain(width: number, height: number, ...color: number[]): Image {
  return { width, height, pixels: Uint8Array.from({ length: 4 * width * height }, (_, i) => color[i % 4]!) };
}

/** A PNG's only chunk of data, in place of what `encode` made: checksums are for those who read them. */
function withLines(png: Buffer, lines: Uint8Array, color: number): Buffer {
  const data = deflateSync(lines);
  const head = Buffer.alloc(8);
  head.writeUInt32BE(data.length);
  head.write("IDAT", 4);
  const header = Buffer.from(png.subarray(0, 33));
  header[25] = color;
  return Buffer.concat([header, head, data, Buffer.alloc(4), png.subarray(-12)]);
}

describe("decode", () => {
  test("gives the pixels that encode was given", () => {
    const image = noise(31, 17);
    expect(decode(encode(image))).toEqual(image);
  });

  // By the standard's text: x is the byte, a to its left, b above, c above to the left; all modulo 256.
  const paeth = (a: number, b: number, c: number) => {
    const p = a + b - c;
    const [pa, pb, pc] = [Math.abs(p - a), Math.abs(p - b), Math.abs(p - c)];
    return pa <= pb && pa <= pc ? a : pb <= pc ? b : c;
  };
  const filters = [
    ["none", () => 0],
    ["sub", (a: number) => a],
    ["up", (_: number, b: number) => b],
    ["average", (a: number, b: number) => Math.floor((a + b) / 2)],
    ["Paeth", paeth],
  ] as const;

  test.each(filters.flatMap(([name, predict], filter) => [2, 6].map((color) => ({ name, predict, filter, color }))))(
    "understands lines with the filter $name, color type $color",
    ({ predict, filter, color }) => {
      const channels = color === 2 ? 3 : 4;
      const image = noise(9, 5);
      if (channels === 3) for (let at = 3; at < image.pixels.length; at += 4) image.pixels[at] = 255;
      const byte = (x: number, y: number, channel: number) =>
        x < 0 || y < 0 ? 0 : image.pixels[4 * (image.width * y + x) + channel]!;
      const lines: number[] = [];
      for (let y = 0; y < image.height; y++) {
        lines.push(filter);
        for (let i = 0; i < image.width * channels; i++) {
          const [x, channel] = [Math.floor(i / channels), i % channels];
          const of = [byte(x - 1, y, channel), byte(x, y - 1, channel), byte(x - 1, y - 1, channel)] as const;
          lines.push((byte(x, y, channel) - predict(...of)) & 255);
        }
      }
      expect(decode(withLines(encode(image), Uint8Array.from(lines), color))).toEqual(image);
    },
  );

  test.each([
    ["no PNG", Buffer.from("GIF89a")],
    ["a PNG without a header", encode(noise(2, 2)).subarray(0, 20)],
    ["palettes, grey, 16 bits or interlaced lines", withLines(encode(noise(2, 2)), new Uint8Array(18), 3)],
    ["a PNG that is damaged", withLines(encode(noise(2, 2)), new Uint8Array(17), 6)],
    ["a PNG that is damaged", withLines(encode(noise(2, 2)), new Uint8Array(10_000), 6)],
    ["a filter that PNG does not have", withLines(encode(noise(2, 2)), new Uint8Array(18).fill(5), 6)],
  ])("refuses %s", (what, file) => {
    expect(() => decode(file)).toThrow(
      new TypeError(`Cannot decode an image: received ${what}; expected a PNG of 8 bits red, green, blue`),
    );
  });
});

describe("shrink", () => {
  test("gives the mean of the pixels that each one stands for", () => {
    const { width, height, pixels } = shrink(
      { width: 4, height: 2, pixels: Uint8Array.from({ length: 32 }, (_, i) => 10 * (i >> 2)) },
      2,
    );
    expect([width, height]).toEqual([2, 1]);
    expect([...pixels]).toEqual([...Array(4).fill(25), ...Array(4).fill(45)]);
  });

  test("keeps an image that is smaller", () => {
    expect(shrink(noise(5, 3), 200)).toEqual(noise(5, 3));
  });
});

describe("examples/image-service", () => {
  let images: string;
  let origin: string;
  let server: ReturnType<typeof startWith>;
  beforeAll(async () => {
    images = await mkdtemp(join(tmpdir(), "image-service-"));
    server = startWith([], "image-service/server.js", "--port", "0", "--workers", "2", "--images", images);
    const [line] = await once(server.stdout.setEncoding("utf8"), "data");
    [origin] = /http:\S+/.exec(line)!;
  });
  afterAll(async () => {
    server.kill("SIGKILL");
    await rm(images, { recursive: true });
  });

  const put = (path: string, image: Uint8Array<ArrayBuffer>) =>
    fetch(`${origin}${path}`, { method: "PUT", body: image });
  const get = async (path: string) => {
    const response = await fetch(`${origin}${path}`);
    return { status: response.status, body: Buffer.from(await response.arrayBuffer()) };
  };

  test("makes small images of those that it was given", async () => {
    expect((await put("/ada/red", encode(plain(400, 200, 250, 0, 0, 255)))).status).toBe(201);
    const { status, body } = await get("/ada/red?width=100");
    expect(status).toBe(200);
    expect(decode(body)).toEqual(plain(100, 50, 250, 0, 0, 255));
  });

  test("forgets an image in all workers when there is another of its name", async () => {
    const blue = plain(8, 8, 0, 0, 250, 255);
    for (const image of [plain(8, 8, 0, 250, 0, 255), blue]) {
      await put("/ada/changed", encode(image));
      const answers = await Promise.all(Array.from({ length: 20 }, () => get("/ada/changed")));
      for (const { body } of answers) expect(decode(body)).toEqual(image);
    }
  });

  test.each([
    ["/ada/nothing", 404, "No such image\n"],
    ["/ada", 404, "Expected /USER/NAME\n"],
    ["/ada/..%2Fbob", 404, "Expected /USER/NAME\n"],
    ["/ada/red?width=0", 400, "Expected a width, 1 to 2000\n"],
  ])("answers %s with %i", async (path, status, text) => {
    expect(await get(path)).toEqual({ status, body: Buffer.from(text) });
  });

  test("says what is wrong with an image", async () => {
    await put("/ada/wrong", Buffer.from("no image"));
    const { status, body } = await get("/ada/wrong");
    expect(status).toBe(422);
    expect(body.toString()).toBe(
      "Cannot decode an image: received no PNG; expected a PNG of 8 bits red, green, blue\n",
    );
  });

  test("goes on when clients go away", async () => {
    await put("/bob/large", encode(noise(1500, 1000)));
    const gone = Array.from({ length: 10 }, (_, i) =>
      fetch(`${origin}/bob/large?width=${i + 1}`, { signal: AbortSignal.timeout(20) }),
    );
    await Promise.allSettled(gone);
    const { status, body } = await get("/bob/large?width=10");
    expect(status).toBe(200);
    expect(decode(body)).toMatchObject({ width: 10, height: 6 });
  });

  test("shows what its workers have done", async () => {
    const { status, body } = await get("/");
    expect(status).toBe(200);
    expect(body.toString()).toMatch(/<pre>.*warm.*<\/pre>/s);
  });

  test("answers what has arrived, and ends", async () => {
    const answer = get("/ada/red?width=7");
    await get("/ada/red?width=8");
    server.kill("SIGTERM");
    const [code] = await once(server, "exit");
    expect(code).toBe(0);
    expect((await answer).status).toBe(200);
  });
});
