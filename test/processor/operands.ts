/** Operands at which numeric instructions go wrong, if they do. */
const I32 = [0, 1, 2, 7, 31, 32, 33, 127, 128, 255, 256, 32767, 32768, 65535, 0x7fffffff].flatMap((n) => [n, ~n]);
const I64 = [
  ...I32.map(BigInt),
  ...[31n, 32n, 33n, 53n, 62n, 63n].flatMap((bit) => [1n << bit, (1n << bit) - 1n, -(1n << bit), ~(1n << bit)]),
].map((n) => BigInt.asIntN(64, n));
/** Beside the edges of the integers' ranges, and of f32's and f64's precision. */
const FLOATS = [
  ...[
    0,
    5e-324,
    1.5,
    0.5,
    2.5,
    0.1,
    1,
    2,
    3,
    1e-45,
    1.1754943508222875e-38,
    2 ** 23,
    2 ** 24 + 1,
    3.4028234663852886e38,
  ],
  ...[2 ** 31 - 1, 2 ** 31, 2 ** 31 + 1, 2 ** 31 - 0.5, 2 ** 32 - 1, 2 ** 32, 2 ** 32 - 0.5, 2147483520, 4294967040],
  ...[2 ** 52 + 0.5, 2 ** 53, 2 ** 63, 2 ** 63 - 1024, 2 ** 63 - 2 ** 39, 2 ** 64, 2 ** 64 - 2048, 2 ** 64 - 2 ** 40],
  ...[0.9999999999999999, 0.99999994, 1e300, 1.7976931348623157e308, Number.POSITIVE_INFINITY],
].flatMap((n) => [n, -n]);

export const OPERANDS = {
  i32: I32,
  i64: [...new Set(I64)],
  f32: [...new Set([...FLOATS.map(Math.fround), Number.NaN])],
  f64: [...FLOATS, Number.NaN],
} as const;
