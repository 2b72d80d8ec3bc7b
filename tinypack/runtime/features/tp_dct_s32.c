#include "tp_dct_s32.h"

#include "tp_fixed.h"

#ifdef TP_DSP

typedef struct {
  const int32_t *input;
  int32_t eights; /* of a row */
  int32_t rest;
  const int32_t *end; /* of the output */
} rows_t;

/* 14 instructions for eight elements of a row, and 13 for a row. */
static TP_ASSEMBLY void multiply(const int32_t *matrix TP_UNUSED, const rows_t *rows TP_UNUSED,
                                 int32_t *output TP_UNUSED) {
  __asm__(
      "push {r4-r11, lr}\n"
      "mov r3, r1\n"
      "b 6f\n"
      "1:\n"
      "mov r12, #0x8000000\n" /* a half, to round */
      "mov lr, #0\n"
      "ldrd r1, r2, [r3]\n"
      "cmp r2, #0\n"
      "beq 3f\n"
      "2:\n"
      "ldm r0!, {r4, r5, r6, r7}\n"
      "ldm r1!, {r8, r9, r10, r11}\n"
      "smlal r12, lr, r4, r8\n"
      "smlal r12, lr, r5, r9\n"
      "smlal r12, lr, r6, r10\n"
      "smlal r12, lr, r7, r11\n"
      "ldm r0!, {r4, r5, r6, r7}\n"
      "ldm r1!, {r8, r9, r10, r11}\n"
      "smlal r12, lr, r4, r8\n"
      "smlal r12, lr, r5, r9\n"
      "smlal r12, lr, r6, r10\n"
      "smlal r12, lr, r7, r11\n"
      "subs r2, r2, #1\n"
      "bne 2b\n"
      "3:\n"
      "ldr r2, [r3, #8]\n"
      "cmp r2, #0\n"
      "beq 5f\n"
      "4:\n"
      "ldr r4, [r0], #4\n"
      "ldr r5, [r1], #4\n"
      "smlal r12, lr, r4, r5\n"
      "subs r2, r2, #1\n"
      "bne 4b\n"
      "5:\n"
      "pop {r2}\n"
      "lsr r12, r12, #28\n"
      "orr r12, r12, lr, lsl #4\n"
      "str r12, [r2], #4\n"
      "6:\n"
      "push {r2}\n"
      "ldr r4, [r3, #12]\n"
      "cmp r2, r4\n"
      "bcc 1b\n"
      "pop {r2}\n"
      "pop {r4-r11, pc}\n");
}

void tp_dct_s32(const tp_dct_s32_t *p, const int32_t *input, int32_t *output) {
  const rows_t rows = {input, p->inputs / 8, p->inputs % 8, output + p->outputs};
  multiply(p->matrix, &rows, output);
}

#else

void tp_dct_s32(const tp_dct_s32_t *p, const int32_t *input, int32_t *output) {
  const int32_t *row = p->matrix;
  for (int32_t i = 0; i < p->outputs; i++) {
    int64_t sum = (int64_t)1 << 27;
    for (int32_t k = 0; k < p->inputs; k++) sum += (int64_t)*row++ * input[k];
    output[i] = (int32_t)(sum >> 28);
  }
}

#endif
