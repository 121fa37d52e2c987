/**
 * The image at a smaller width and the same shape: each pixel is the mean of those that it stands for.
 *
 * @param {import("./png.js").Image} image
 * @param {number} width a larger one than the image's is as its own
 * @returns {import("./png.js").Image}
 */
export function shrink(image, width) {
  const scale = Math.max(image.width / width, 1);
  const small = { width: Math.floor(image.width / scale), height: Math.max(Math.floor(image.height / scale), 1) };
  const pixels = new Uint8Array(4 * small.width * small.height);
  for (let y = 0, to = 0; y < small.height; y++) {
    for (let x = 0; x < small.width; x++, to += 4) mean(image, x * scale, y * scale, scale, pixels, to);
  }
  return { ...small, pixels };
}

function mean({ width, height, pixels }, x, y, size, means, to) {
  const [left, right] = [Math.floor(x), Math.min(Math.ceil(x + size), width)];
  const [top, bottom] = [Math.floor(y), Math.min(Math.ceil(y + size), height)];
  let [red, green, blue, opacity] = [0, 0, 0, 0];
  for (let line = top; line < bottom; line++) {
    for (let at = 4 * (width * line + left); at < 4 * (width * line + right); at += 4) {
      red += pixels[at];
      green += pixels[at + 1];
      blue += pixels[at + 2];
      opacity += pixels[at + 3];
    }
  }
  const count = (right - left) * (bottom - top);
  means.set([red / count, green / count, blue / count, opacity / count], to);
}
