/** Cycles; about one test_and_set on a line that another processor's cache holds, as Anderson's slots are. */
export const SLOT: u32 = 128;
