/* What a program reads of flash, and which lines of it no cache holds: what a real board waits for. */
#ifndef TINYPACK_FLASH_H
#define TINYPACK_FLASH_H

#include "counter.h"

typedef struct {
  uint64_t address;    /* of the instruction */
  uint64_t size;       /* bytes */
  uint64_t reads;      /* of flash, as data */
  uint64_t data_lines; /* lines that these fetched because the data cache did not hold them */
  uint64_t code_lines; /* the same for fetching the instruction itself */
} flash_use_t;

typedef struct {
  uint64_t origin, bytes; /* of flash */
  uint64_t line_bytes;
  uint64_t data_lines, code_lines; /* that the caches hold; 0: there is no cache */
} flash_t;

/* Say what flash there is. Without this call nothing is watched. */
void flash_is(flash_t flash);

int flash_watched(void);

/* Add to `use` whenever the instruction is executed. */
void flash_watch(struct qemu_plugin_insn *instruction, flash_use_t *use);

#endif
