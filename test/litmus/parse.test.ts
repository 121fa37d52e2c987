import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import type { Thread } from "#machines/litmus/litmus-test.js";
import { parseLitmus } from "#machines/litmus/parse.js";
import { propositionText, satisfies } from "#machines/litmus/proposition.js";
import { LitmusError } from "#machines/litmus/tokens.js";
import { type Variable, variableText } from "#machines/litmus/variable.js";
import { sequentialState } from "./sequential.js";

const parse = (text: string) => parseLitmus("t.litmus", text);
const MOV = " P0 ;\n MOV EAX,$1 ;\n";

describe("parseLitmus", () => {
  test("reads X86, destinations first, and X86_64, sources first, as the same program", () => {
    const intel = parse(`X86 N
{ x=3; 0:EAX=1; }
 P0 | P1 ;
 MOV [x],$2 | L0: MOV EAX,[x] ;
 MOV EBX,EAX | CMP EAX,$2 ;
 LOCK XADD [x],EAX | JNE L0 ;
 XCHG [x],EBX | LOCK CMPXCHG [x],ECX ;
 MFENCE | SUB EAX,EBX ;
exists (x=2)`);
    const atAndT = parse(`X86_64 N
{ x=3; 0:eax=1; }
 P0 | P1 ;
 movl $2,(x) | L0: movl (x),%eax ;
 movl %eax,%ebx | cmp $2,%eax ;
 lock xaddl %eax,(x) | jne L0 ;
 xchgl (x),%ebx | lock; cmpxchg %ecx,(x) ;
 mfence | subl %ebx,%eax ;
exists (x=2)`);
    const text = (threads: readonly Thread[]) => inspect(threads, { depth: 9 }).toLowerCase();
    expect(text(atAndT.threads)).toBe(text(intel.threads));
    expect(intel.threads[0]!.instructions).toHaveLength(5);
    expect(intel.threads[1]!.instructions[0]).toEqual({ kind: "label", label: "L0" });
  });

  test("reads names, quoted texts, lines of information and comments, which nest, before the initial state", () => {
    const { name, expected, architecture } = parse(`
X86_64 2+2W[x]+po-mfence/3
"a text with { in it"
(* a comment (* { *) *)
Cycle=Rfe { PodRR
Com = Rf Fr
Prefetch=0:x=F,1:y=T
{}
 P0 ;
 nop ;
`);
    expect({ name, architecture }).toEqual({ name: "2+2W[x]+po-mfence/3", architecture: "X86_64" });
    expect(expected).toBeUndefined();
    expect(parse(`X86 T\nCom=Rf\nExpect=Sometimes\n{}\n${MOV}`).expected).toBe("Sometimes");
    expect(parse(`X86 T\n(* A test of its author.\n * Result: Never\n *)\n{}\n${MOV}`).expected).toBe("Never");
    expect(parse(`X86 SB "on the same line"\r\n{\r\n}\r\n${MOV}`).name).toBe("SB");
  });

  test("reads typed and untyped initial states", () => {
    const initial =
      "; x; y=1; int z = -2; uint64_t w; [v]=0x10; P0:EAX=2; int 0:EBX=3; _Atomic int u=4; int* p = x; *q=&y";
    const text = `X86 T\n{ ${initial} (* ; *) }\n P0 ;\n NOP ;\nlocations [x; y; z; w; [v]; 0:EAX; 0:EBX; u; p; q;]`;
    const shown = "0:EAX=2; 0:EBX=3; [p]=x; [q]=y; [u]=4; [v]=16; [w]=0; [x]=0; [y]=1; [z]=-2;";
    expect(sequentialState(text)).toBe(shown);
  });

  test.each([
    ["exists (x=1)", "exists", "[x]=1"],
    ["~exists (0:EAX=1 /\\ [x]=0)", "~exists", "0:EAX=1 /\\ [x]=0"],
    ["not exists x=y", "~exists", "[x]=y"],
    ["forall (true)", "forall", "true"],
    ["forall (x=1 \\/ x=2 /\\ y=3)", "forall", "[x]=1 \\/ [x]=2 /\\ [y]=3"],
    ["forall ((x=1 \\/ x==2) /\\ y=-3)", "forall", "([x]=1 \\/ [x]=2) /\\ [y]=-3"],
    ["exists (~x=1 /\\ y<>0 /\\ z!=0x10)", "exists", "not [x]=1 /\\ not [y]=0 /\\ not [z]=16"],
    ["exists not (x=1 \\/ false)", "exists", "not ([x]=1 \\/ false)"],
    ["forall (x=1 => y=1 => z=1)", "forall", "[x]=1 => [y]=1 => [z]=1"],
    ["forall (x=1 => y=1 /\\ z=1)", "forall", "[x]=1 => [y]=1 /\\ [z]=1"],
    ["forall (x=1 => (y=1 /\\ z=1))", "forall", "[x]=1 => ([y]=1 /\\ [z]=1)"],
    ["forall (x=1 /\\ y=1 => z=1)", "forall", "[x]=1 /\\ [y]=1 => [z]=1"],
    ["forall (not x=1 => y=1)", "forall", "not [x]=1 => [y]=1"],
    ["exists (0:EAX=0:EBX /\\ x=*y /\\ [x]=[z])", "exists", "0:EAX=0:EBX /\\ [x]=[y] /\\ [x]=[z]"],
    ["(x=1)", "exists", "[x]=1"],
    ["final (x=1)", "exists", "[x]=1"],
    ["", "forall", "true"],
  ])("reads the condition %s", (condition, quantifier, text) => {
    const read = parse(`X86 T\n{}\n${MOV}${condition}\n`);
    expect({ quantifier: read.quantifier, text: propositionText(read.proposition) }).toEqual({ quantifier, text });
  });

  /** What the condition says of x, y and z that are 0 or 1 each, in the order 000, 001, ... 111. */
  function truthTable(condition: string): string {
    const { proposition } = parse(`X86 T\n{}\n${MOV}forall (${condition})\n`);
    return Array.from({ length: 8 }, (_, bits) => {
      const bit = (variable: Variable) => BigInt((bits >> (2 - ["x", "y", "z"].indexOf(textOf(variable)))) & 1);
      return satisfies({ valueOf: bit, constant: (value) => value as bigint }, proposition) ? 1 : 0;
    }).join("");
  }
  const textOf = (variable: Variable) => variableText(variable).replace(/[[\]]/g, "");

  test.each([
    ["x=1 /\\ y=1", "00000011"],
    ["x=1 \\/ y=1", "00111111"],
    ["x=1 => y=1", "11110011"],
    ["not x=1", "11110000"],
    ["x=1 \\/ y=1 /\\ z=1", "00011111"],
    ["x=1 => y=1 /\\ z=1", "01010001"],
    ["x=1 /\\ y=1 => z=1", "00001101"],
    ["x=1 => y=1 => z=1", "11111101"],
    ["x=1 => y=1 \\/ z=1", "11110111"],
    ["not x=1 => y=1", "00111111"],
    ["true => x=1", "00001111"],
    ["x=1 => false", "11110000"],
  ])("the condition %s binds and is satisfied as herd7 has it", (condition, table) => {
    expect(truthTable(condition)).toBe(table);
  });

  test("reads locations, a filter, and what is expected under models", () => {
    const read = parse(
      `X86 T\n{}\n${MOV}locations [x; 0:AL]\nfilter (y=0)\nexists (x=1);\nwith tso: exists; sc: ~exists`,
    );
    expect(read.locations).toHaveLength(2);
    expect(propositionText(read.filter!)).toBe("[y]=0");
    expect([...read.kinds]).toEqual([
      ["tso", "exists"],
      ["sc", "~exists"],
    ]);
  });

  test.each([
    ["", 1, /received ""; expected X86 or X86_64 and the test's name/],
    ["\nAArch64 MP\n{}", 2, /received "AArch64 MP"; expected X86 or X86_64/],
    ["X86", 1, /received "X86"; expected X86 or X86_64 and the test's name/],
    [`X86 T\n${MOV}`, 4, /received the end of the file; expected an initial state in {}/],
    ["X86 T (* \n{}", 2, /expected an initial state in {}/],
    ["X86 T\n{ x=1", 2, /received the end of the file; expected ";" or } after an initial value/],
    ["X86 T\n{ x=; }", 2, /received ";"; expected an initial value: a number or a location/],
    ["X86 T\n{ x=1;\nx=2; }", 3, /received "x"; expected one initial value of \[x\]/],
    ["X86 T\n{ float x=1; }", 2, /received "float"; expected a type: int8_t to uint64_t, char/],
    ["X86 T\n{ int x[2]={1,2}; }", 2, /received "\["; expected a location of one value, no array/],
    ["X86 T\n{ 0:FOO=1; }", 2, /received "FOO"; expected a register/],
    [`X86 T\n{ 1:EAX=1; }\n${MOV}`, 2, /received "1"; expected a thread: P0$/],
    ["X86 T\n{}\n Q0 ;", 3, /received "Q0"; expected a thread, such as P0/],
    ["X86 T\n{}\n P0 | P0 ;", 3, /received "P0"; expected another thread's name/],
    ["X86 T\n{}\n P0\n MOV EAX,$1 ;", 4, /received "MOV"; expected ";" or \| after a thread's name/],
    ["X86 T\n{}\n P0 | P1 ;\n MOV EAX,$1 ;", 4, /received ";"; expected "\|" after the instruction of P0/],
    ["X86 T\n{}\n P0 ;\n MOV EAX,$1 | NOP ;", 4, /received "\|"; expected ";" after the instruction of P0/],
    ["X86 T\n{}\n P0 ;\n\n FOO EAX ;", 5, /received "FOO"; expected an instruction: lock, mov, .*mfence/],
    ["X86 T\n{}\n P0 ;\n constructor ;", 4, /received "constructor"; expected an instruction/],
    ["X86 T\n{}\n P0 ;\n MOVNTI [x],EAX ;", 4, /received "MOVNTI"; expected an instruction/],
    ["X86 T\n{}\n P0 ;\n MOV EAX ;", 4, /received ";"; expected "," and another operand of MOV/],
    ["X86 T\n{}\n P0 ;\n MOV EAX,x ;", 4, /received "x"; expected a register's name/],
    ["X86 T\n{}\n P0 ;\n MOV EAX,[x ;", 4, /received ";"; expected "\]"/],
    ["X86 T\n{}\n P0 ;\n MOV EAX,$x ;", 4, /received "x"; expected a number after \$/],
    ["X86 T\n{}\n P0 ;\n MOV $1,EAX ;", 4, /received "MOV"; expected a register or memory as its destination/],
    ["X86 T\n{}\n P0 ;\n XCHG [x],$1 ;", 4, /received "XCHG"; expected a register among its operands/],
    ["X86 T\n{}\n P0 ;\n LOCK MOV [x],$1 ;", 4, /received "MOV"; expected after lock an instruction that reads and/],
    ["X86 T\n{}\n P0 ;\n LOCK INC EAX ;", 4, /received "INC"; expected after lock/],
    ["X86 T\n{}\n P0 ;\n LOCK MFENCE ;", 4, /received "MFENCE"; expected after lock/],
    ["X86 T\n{}\n P0 ;\n JMP L1 ;", 4, /received "JMP L1"; expected a jump to a label of the thread/],
    ["X86 T\n{}\n P0 ;\n L0: NOP ;\n L0: NOP;", 5, /received "L0"; expected a label that the thread does not have yet/],
    [`X86 T\n{}\n${MOV}exist (x=1)`, 5, /received "exist"; expected an instruction/],
    [`X86 T\n{}\n${MOV}exists`, 5, /received the end of the file; expected a location or a thread's register/],
    [`X86 T\n{}\n${MOV}exists (x=1`, 5, /received the end of the file; expected "\)" after a proposition/],
    [`X86 T\n{}\n${MOV}exists (x)`, 5, /received "\)"; expected "=" after \[x\]/],
    [`X86 T\n{}\n${MOV}exists (x=1) y`, 5, /received "y"; expected the end of the condition/],
    [`X86 T\n{}\n${MOV}exists (1:EAX=1)`, 5, /received "1"; expected a thread: P0/],
    [`X86 T\n{}\n${MOV}~ (x=1)`, 5, /received "\("; expected "exists"/],
    [`X86 T\n{}\n${MOV}locations x`, 5, /received "x"; expected "\[" after locations/],
    [`X86 T\n{}\n${MOV}exists (x=@)`, 5, /received "@"; expected a name, a number or a symbol/],
    [`X86 T\n{}\n${MOV}exists (x=1) (* `, 5, /received "\(\*"; expected a comment that ends with \*\)/],
  ])("refuses %j: line %i", (text, line, message) => {
    const refuse = () => parse(text);
    expect(refuse).toThrow(LitmusError);
    expect(refuse).toThrow(message);
    expect(refuse).toThrow(`Cannot read t.litmus, line ${line}: received`);
  });
});
