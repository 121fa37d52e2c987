/* The system calls of kernel/os/system-calls.ts, as programs in C make them. */
#pragma once

__attribute__((import_module("machine"), import_name("trap"))) unsigned trap(unsigned number, unsigned a, unsigned b,
                                                                             unsigned c, unsigned d);

enum { EXIT = 0, YIELD = 1, PROCESS = 2, WRITE = 16, TIME = 32 };

/* A function that a process can begin with: _start, main or run, or what the kernel's arguments name. */
#define ENTRY(name) __attribute__((export_name(#name)))

/* Writes a text to the console. */
static inline int print(const char *text) {
  unsigned bytes = 0;
  while (text[bytes]) bytes++;
  return (int)trap(WRITE, (unsigned)text, bytes, 0, 0);
}
