/**
 * Cycles of spinning before sleeping: about what sleeping and being woken cost, so that waiting costs at most twice what
 * the best choice would have cost (Karlin, Li, Manasse & Owicki, SOSP 1991).
 */
export const PATIENCE: u32 = 32768;
