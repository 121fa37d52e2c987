import type { LinkMeasures, ProcessorMeasures } from "../measures.js";
import { COUNTED, type Counted } from "./memory/counts.js";
import type { MemorySystem } from "./memory/memory-system.js";
import type { SimulatedProcessor } from "./processors/simulated-processor.js";
import type { Simulation } from "./simulation.js";

export function measureProcessor(processor: SimulatedProcessor, memory: MemorySystem): ProcessorMeasures {
  const counts = memory.counts();
  const counted = Object.fromEntries(COUNTED.map((name) => [name, counts[name][processor.index]!]));
  const { reads, writes, readModifyWrites } = counted as Record<Counted, number>;
  return {
    ...(counted as Record<Counted, number>),
    cycles: processor.ended!,
    instructions: processor.instructions,
    references: reads + writes + readModifyWrites,
    waits: processor.waits,
    waitingNetworkReferences: processor.waitingNetworkReferences,
    stallCycles: processor.stallCycles,
  };
}

export function measureLinks({ memory, messages }: Simulation): LinkMeasures[] {
  return [...memory.links(), ...(messages?.network.links() ?? [])];
}
