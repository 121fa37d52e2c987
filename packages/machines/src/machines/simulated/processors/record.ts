/**
 * Where the runner keeps what it needs of a processor: offsets in bytes; see
 * src/machines/simulated/processors/runner/record.ts.
 */
export const RECORD = {
  bytes: 256,
  pc: 24,
  kind: 28,
  at: 32,
  instructions: 40,
  result: 48,
  rank: 56,
  early: 60,
  states: 64,
  tags: 68,
  used: 72,
  guesses: 76,
  tally: 80,
  dropped: 84,
  imported: 88,
  loads: 96,
  period: 152,
  turnInstructions: 160,
  turnLoads: 168,
  lines: 176,
  trap: 180,
  virtual: 184,
  line: 192,
} as const;
