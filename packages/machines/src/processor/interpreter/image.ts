/**
 * What the contexts of one image have in common: a record of 32-bit words, which the other side writes; see
 * src/processor/image.ts.
 *
 *     | bindings | segments | element segments | tables | maxima | dropped | compared | code page |
 *
 * bindings: of the imported functions, see imports.ts. segments, maxima: see tables.ts. dropped: where a context's flags of
 * dropped segments begin. compared: where a context's entries of tables begin, the end of what is compared before its
 * registers. code page: where its code lies, on a machine with a kernel mode.
 */
export const BINDINGS: u32 = 0;
export const SEGMENTS: u32 = 4;
export const ELEMENT_SEGMENTS: u32 = 8;
export const TABLES: u32 = 12;
export const MAXIMA: u32 = 16;
export const DROPPED: u32 = 20;
export const COMPARED: u32 = 24;
export const CODE_PAGE: u32 = 28;
