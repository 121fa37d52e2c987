import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { oneThread, sequentialState } from "./sequential.js";

const run = (initial: string, instructions: readonly string[], shown: string) =>
  sequentialState(oneThread(initial, instructions, shown));

const WIDTHS = { b: 8, w: 16, l: 32, q: 64 } as const;
type Suffix = keyof typeof WIDTHS;

const suffix = fc.constantFrom<Suffix>("b", "w", "l", "q");
/** Values around those where carries and overflows begin. */
const value = fc.oneof(
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  fc
    .tuple(fc.constantFrom(0, 7, 8, 15, 16, 31, 32, 63), fc.bigInt({ min: -2n, max: 2n }))
    .map(([bits, offset]) => BigInt.asIntN(64, (1n << BigInt(bits)) + offset)),
);

describe("compileLitmus", () => {
  const conditions: readonly (readonly [string, (a: bigint, b: bigint, unsigned: readonly bigint[]) => boolean])[] = [
    ["JE", (a, b) => a === b],
    ["JNE", (a, b) => a !== b],
    ["JL", (a, b) => a < b],
    ["JGE", (a, b) => a >= b],
    ["JLE", (a, b) => a <= b],
    ["JG", (a, b) => a > b],
    ["JB", (_, __, [a, b]) => a! < b!],
    ["JAE", (_, __, [a, b]) => a! >= b!],
    ["JBE", (_, __, [a, b]) => a! <= b!],
    ["JA", (_, __, [a, b]) => a! > b!],
  ];
  test.each(conditions)("jumps by %s after CMP as x86 orders numbers of every width", (jump, taken) => {
    fc.assert(
      fc.property(suffix, value, value, (suffix, a, b) => {
        const width = WIDTHS[suffix];
        const [left, right] = [BigInt.asIntN(width, a), BigInt.asIntN(width, b)];
        const unsigned = [left, right].map((each) => BigInt.asUintN(width, each));
        const instructions = [`CMP${suffix} RAX,RBX`, `${jump} L0`, "MOV ECX,$0", "L0:"];
        const state = run(`0:RAX=${a}; 0:RBX=${b}; 0:ECX=1`, instructions, "0:ECX");
        expect(state).toBe(`0:ECX=${taken(left, right, unsigned) ? 1 : 0};`);
      }),
    );
  });

  const operations: readonly (readonly [string, (a: bigint, b: bigint) => bigint])[] = [
    ["ADD", (a, b) => a + b],
    ["SUB", (a, b) => a - b],
    ["AND", (a, b) => a & b],
    ["OR", (a, b) => a | b],
    ["XOR", (a, b) => a ^ b],
  ];
  test.each(operations)(
    "computes %s in registers, in memory and with LOCK alike, and its sign, zero and overflow",
    (name, compute) => {
      fc.assert(
        fc.property(suffix, value, value, (suffix, a, b) => {
          const width = WIDTHS[suffix];
          const exact = compute(BigInt.asIntN(width, a), BigInt.asIntN(width, b));
          const result = BigInt.asIntN(width, exact);
          const flags = [result === 0n, result < 0n, exact !== result].map(Number);
          const jumps = ["JZ", "JS", "JO"].flatMap((jump, i) => [`${jump} L${i}`, `MOV R${i + 8}D,$0`, `L${i}:`]);
          for (const target of ["[x]", "RAX"]) {
            for (const prefix of target === "[x]" ? ["", "LOCK ", "LOCK; "] : [""]) {
              const state = run(
                `int${width}_t x=${a}; int${width}_t 0:RAX=${a}; 0:RBX=${b}; 0:R8D=1; 0:R9D=1; 0:R10D=1`,
                [`${prefix}${name}${suffix} ${target},RBX`, ...jumps],
                `0:R8D; 0:R9D; 0:R10D; ${target === "RAX" ? "0:RAX" : "x"}`,
              );
              const rest = [8, 9, 10].map((n, i) => `0:R${n}D=${flags[i]};`);
              const shown = target === "RAX" ? [`0:RAX=${result};`, ...rest] : [...rest, `[x]=${result};`];
              expect(state).toBe(shown.join(" "));
            }
          }
        }),
        { numRuns: 30 },
      );
    },
  );

  test("leaves the carry of the last CMP to jumps after INC and DEC", () => {
    const instructions = (last: string) => ["CMP EAX,$1", last, "JB L0", "MOV ECX,$0", "L0:"];
    for (const last of ["INC EBX", "DEC EBX", "INC [x]", "LOCK DEC [x]"])
      expect(run("0:EAX=0; 0:ECX=1", instructions(last), "0:ECX")).toBe("0:ECX=1;");
    expect(run("0:EAX=0; 0:ECX=1", instructions("ADD EBX,$1"), "0:ECX")).toBe("0:ECX=0;");
  });

  test.each([
    ["MOV AL,$-1", "0x1122334455667788", "0x11223344556677ff"],
    ["MOV AH,$-1", "0x1122334455667788", "0x112233445566ff88"],
    ["MOV AX,$-1", "0x1122334455667788", "0x112233445566ffff"],
    ["MOV EAX,$-1", "0x1122334455667788", "0x00000000ffffffff"],
    ["MOV RAX,$-2", "0", "0xfffffffffffffffe"],
    ["MOV AL,AH", "0x1234", "0x1212"],
    ["MOV AH,AL", "0x1234", "0x3434"],
    ["XADD AL,AH", "0x0102", "0x0203"],
    ["XADD EAX,EAX", "5", "10"],
    ["XCHG AL,AH", "0x1234", "0x3412"],
  ])("executes %s on %s as a part of its register", (instruction, before, after) => {
    const state = run(`uint64_t 0:RAX=${before}`, [instruction], "0:RAX");
    expect(state).toBe(`0:RAX=${BigInt(after)};`);
  });

  test.each(["", "LOCK "])("exchanges and compares memory with '%s'", (prefix) => {
    const shown = "0:EAX; 0:EBX; x";
    expect(run("x=3; 0:EBX=4", [`${prefix}XCHG [x],EBX`], shown)).toBe("0:EAX=0; 0:EBX=3; [x]=4;");
    expect(run("x=3; 0:EBX=4", [`${prefix}XCHG EBX,[x]`], shown)).toBe("0:EAX=0; 0:EBX=3; [x]=4;");
    expect(run("x=3; 0:EBX=4", [`${prefix}XADD [x],EBX`], shown)).toBe("0:EAX=0; 0:EBX=3; [x]=7;");
    const compare = [`${prefix}CMPXCHG [x],EBX`, "JE L0", "MOV EBX,$9", "L0:"];
    expect(run("x=3; 0:EAX=3; 0:EBX=4", compare, shown)).toBe("0:EAX=3; 0:EBX=4; [x]=4;");
    expect(run("x=3; 0:EAX=2; 0:EBX=4", compare, shown)).toBe("0:EAX=3; 0:EBX=9; [x]=3;");
  });

  test("accesses memory at a register's value, and names locations whose addresses are left", () => {
    const instructions = ["MOV [EAX],$7", "MOV ECX,[EBX]", "XADD [EDX],EDX", "MOV [p],EBX"];
    const state = run("0:EAX=x; 0:EBX=x; 0:EDX=z; p=y; z=1", instructions, "0:EAX; 0:ECX; 0:EDX; x; p");
    expect(state).toBe("0:EAX=x; 0:ECX=7; 0:EDX=1; [p]=x; [x]=7;");
    const displaced = "X86_64 T\n{ uint64_t x=0x100000002; 0:rax=x; }\n P0 ;\n movl 4(%rax),%ebx ;\nlocations [0:rbx]";
    expect(sequentialState(displaced)).toBe("0:rbx=1;");
  });

  test("runs loops between labels, jumping forward and back", () => {
    const instructions = ["L0: ADD EAX,ECX", "DEC ECX", "JNZ L0", "JMP L2", "L1: MOV EAX,$0", "L2: L3:"];
    expect(run("0:ECX=4", instructions, "0:EAX")).toBe("0:EAX=10;");
  });

  test("gives locations without a type the bits that are accessed, an int's at least", () => {
    expect(run("", ["MOV [x],$-1", "MOVQ [y],$-1", "MOVB [z],$-1"], "x; y; z")).toBe("[x]=-1; [y]=-1; [z]=255;");
    const state = run("uint8_t x=255; int16_t y=-1; z=0x7fffffffffffffff", ["INC [x]", "INC [y]"], "x; y; z");
    expect(state).toBe("[x]=0; [y]=0; [z]=9223372036854775807;");
  });
});
