/* How often each instruction is executed, and from where: the profile that count.c writes if it is asked for one. */
#ifndef TINYPACK_EXECUTIONS_H
#define TINYPACK_EXECUTIONS_H

#include <stdio.h>

#include "counter.h"

/* Count an instruction of an address under that address. */
void executions_count(struct qemu_plugin_insn *instruction, uint64_t address);

/* Leave out what has been executed up to now. */
void executions_skip(void);

/* Write what has been executed since the last call of either function: a line "part site address times" for each
   instruction, the addresses in hex; if flash is watched, with " reads data_lines code_lines" after it. */
void executions_write(FILE *out, unsigned int part, uint64_t site);

#endif
