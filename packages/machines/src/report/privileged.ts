import type { PrivilegedDescription, TlbDescription } from "../machines/presets/description.js";
import { type Figure, type Section, sizeOf } from "./section.js";

/** What a machine has for kernels, in words. */
export function privilegedSections(privileged: PrivilegedDescription | undefined): Section[] {
  if (privileged === undefined) return [];
  const { trap, call, context, interrupt, disk, console, network } = privileged;
  return [
    {
      title: "Kernel and user mode",
      figures: [
        ["from a trap to the handler's first instruction", trap.enter],
        ["from the handler's return to the program's next instruction", trap.leave],
        ["from the kernel's call to the program's first instruction", call.enter],
        ["from the program's return to the kernel's next instruction", call.leave],
        ["switch_to keeps the registers of one context", context.keep],
        ["and loads those of another", context.load],
      ],
    },
    translationSection(privileged),
    {
      title: "Interrupts",
      figures: [
        ["to send one", interrupt.send],
        ["its way to the other processor", interrupt.way],
        ["from there to the handler's first instruction", interrupt.take],
      ],
    },
    {
      title: "Devices: a request takes, until its interrupt",
      figures: [
        ["disk, a seek to the next track", disk.seek.least],
        ["disk, a seek over all tracks", disk.seek.most],
        ["disk, a rotation, of which it waits for half", disk.rotation],
        ["disk, each byte", disk.byte],
        ["disk, a track", sizeOf(disk.track)],
        ["console", console.latency],
        ["console, each byte", console.byte],
        ["network", network.latency],
        ["network, each byte", network.byte],
      ],
    },
  ];
}

function translationSection(privileged: PrivilegedDescription): Section {
  const { page, tlb, reload, spaces, mappedKernel, setSpace, translation } = privileged;
  const missing: Figure[] =
    reload === "software"
      ? [["a translation that the TLB lacks", "written by the kernel, which a trap enters"]]
      : [
          ["a translation that the TLB lacks", "read by the processor, from two tables in memory"],
          ["a reading takes, beyond its two loads", reload.overhead],
        ];
  const kernel: Figure[] =
    mappedKernel === undefined
      ? [["the kernel's own addresses", "are physical, without translations"]]
      : [
          ["the kernel's own addresses", "take entries of the TLB, too"],
          ["the kernel's misses, which the processor answers", mappedKernel.miss],
        ];
  return {
    title: "Translation",
    figures: [
      ["page", sizeOf(page)],
      ["TLB", `${tlb.entries} entries, ${tlb.ways === tlb.entries ? "fully associative" : setsOf(tlb)}`],
      ["an entry maps", tlb.pages === 1 ? "one page" : "an even page and the odd one after it"],
      ["all entries map", sizeOf(tlb.entries * tlb.pages * page)],
      ["replaced", REPLACED[tlb.replacement]],
      ...missing,
      [
        "spaces",
        spaces === 1 ? "one: a change drops all translations but global ones" : `${spaces}, told apart by tags`,
      ],
      ["set_space", setSpace],
      ...kernel,
      ["write_translation", translation.write],
      ["drop_translations", translation.drop],
    ],
  };
}

const REPLACED: Readonly<Record<TlbDescription["replacement"], string>> = {
  random: "any entry, at random",
  "least recently used": "the least recently used entry",
  "not last used": "any entry but the last used, at random",
};

function setsOf({ ways }: TlbDescription): string {
  return ways === 1 ? "direct-mapped" : `${ways} ways`;
}
