/* In C: an output at a time, 9 multiply-accumulates in 73 instructions of RISC-V, 108 of a Cortex-M0, all included. */
#include "tp_depthwise_3x3_s8.h"

#if defined(TP_MVE)
#include "tp_depthwise_3x3_mve.h"
#elif defined(TP_DSP)
#include "tp_depthwise_3x3_dsp.h"
#else
#include "tp_requantize.h"

#define BLOCK_WORDS 18

/* One channel. */
typedef struct {
  int32_t w[9];
  int32_t bias;
  int32_t multiplier;
  int32_t offset; /* output zero point, and a half to round: before the shift */
  int right;
} channel_t;

static int32_t byte_of(int32_t word, int32_t i) {
  return (int8_t)((uint32_t)word >> (8 * i));
}

static channel_t unpack(const int32_t *block, int32_t i, int32_t zero_point) {
  channel_t c;
  for (int32_t k = 0; k < 9; k++) {
    c.w[k] = byte_of(tp_flash_s32(block + 9 + k), i);
  }
  c.bias = tp_flash_s32(block + i);
  c.multiplier = tp_flash_s32(block + 4 + i);
  c.right = (int)byte_of(tp_flash_s32(block + 8), i);
  c.offset = (int32_t)((uint32_t)(2 * zero_point + 1) << (c.right - 1));
  return c;
}

/* A line of one channel with its padding, as words: a Cortex-M0 loads them at once, and bytes not. */
static void fill(const tp_depthwise_3x3_s8_t *p, const int8_t *x, int32_t step, int inside, int32_t *line,
                 int32_t length) {
  const int32_t begin = inside && p->pad_pixels < length ? p->pad_pixels : length;
  const int32_t end = length - begin < p->in_pixels ? length : begin + p->in_pixels;
  int32_t i = 0;
  for (; i < begin; i++) {
    line[i] = p->in_zero_point;
  }
  for (; i < end; i++, x += step) {
    line[i] = *x;
  }
  for (; i < length; i++) {
    line[i] = p->in_zero_point;
  }
}

/* A line of outputs: nine loads and multiply-accumulates each, weights in registers where there are enough. */
static void compute(const tp_depthwise_3x3_s8_t *p, const channel_t *c, const int32_t *a, const int32_t *b,
                    const int32_t *d, int8_t *to, int32_t step) {
  const int32_t w0 = c->w[0], w1 = c->w[1], w2 = c->w[2];
  const int32_t w3 = c->w[3], w4 = c->w[4], w5 = c->w[5];
  const int32_t w6 = c->w[6], w7 = c->w[7], w8 = c->w[8];
  const int32_t bias = c->bias;
  const int32_t multiplier = c->multiplier;
  const int32_t offset = c->offset;
  const int right = c->right;
  const int32_t lowest = p->act_min;
  const int32_t highest = p->act_max;
  const int32_t stride = p->stride;
  const int32_t length = p->out_pixels * step;
  for (int32_t i = 0; i < length; i += step) {
    int32_t acc = bias + a[0] * w0 + a[1] * w1 + a[2] * w2;
    acc += b[0] * w3 + b[1] * w4 + b[2] * w5;
    acc += d[0] * w6 + d[1] * w7 + d[2] * w8;
    acc = tp_doubling_high_mul(acc, multiplier);
    acc = (acc + (acc >> 31) + offset) >> right; /* ties away from zero */
    to[i] = (int8_t)tp_clamp(acc, lowest, highest);
    a += stride;
    b += stride;
    d += stride;
  }
}

/* The lines of one channel. Three lines of the input stand in a ring. */
static void convolve(const tp_depthwise_3x3_s8_t *p, const channel_t *c, int32_t first, int32_t last, int32_t in_first,
                     const int8_t *input, int8_t *output, int32_t *ring) {
  const int32_t stride = p->stride;
  const int32_t length = (p->out_pixels - 1) * stride + 3;
  int32_t *lines[3] = {ring, ring + length, ring + 2 * length};
  const tp_depthwise_3x3_steps_t in = tp_depthwise_3x3_steps(p, p->in_lines, p->in_pixels);
  const tp_depthwise_3x3_steps_t out = tp_depthwise_3x3_steps(p, p->out_lines, p->out_pixels);
  int32_t next = first * stride - p->pad_lines;
  int32_t wanted = 3;
  for (int32_t y = first; y < last; y++, output += out.line, wanted = stride) {
    for (int32_t i = 0; i < wanted; i++, next++) {
      int32_t *oldest = lines[0];
      lines[0] = lines[1];
      lines[1] = lines[2];
      lines[2] = oldest;
      const int inside = next >= 0 && next < p->in_lines;
      fill(p, inside ? input + (next - in_first) * in.line : input, in.pixel, inside, oldest, length);
    }
    compute(p, c, lines[0], lines[1], lines[2], output, out.pixel);
  }
}

void tp_depthwise_3x3_s8_rows(const tp_depthwise_3x3_s8_t *p, int32_t first, int32_t last, int32_t in_first,
                              const int8_t *input, int8_t *output, void *scratch) {
  for (int32_t i = 0; i < p->channels; i++) {
    const channel_t c = unpack(p->blocks + (i >> 2) * BLOCK_WORDS, i & 3, p->out_zero_point);
    convolve(p, &c, first, last, in_first, input + i, output + i, (int32_t *)scratch);
  }
}
#endif

void tp_depthwise_3x3_s8(const tp_depthwise_3x3_s8_t *p, const int8_t *input, int8_t *output, void *scratch) {
  tp_depthwise_3x3_s8_rows(p, 0, p->out_lines, 0, input, output, scratch);
}
