/* Lines of outputs in several calls, each of which gets only the input lines that it needs: the same as in one call. */
#include <string.h>

#include "tp_depthwise_3x3_s8.h"

#define MOST 1728 /* elements: 12 lines of 12 pixels of 12 channels */
#define BLOCKS 3
#define BLOCK_WORDS 18

static uint32_t seed = 1;
static int8_t input[MOST], needed[MOST + 64], whole[MOST], parts[MOST];
static int32_t blocks[BLOCKS * BLOCK_WORDS], scratch[300];

static int32_t draw(int32_t below) {
  seed ^= seed << 13;
  seed ^= seed >> 17;
  seed ^= seed << 5;
  return (int32_t)(seed >> 1) % below;
}

static tp_depthwise_3x3_s8_t draw_layer(void) {
  tp_depthwise_3x3_s8_t p;
  memset(&p, 0, sizeof p);
  for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++) {
    const size_t word = i % BLOCK_WORDS;
    const int32_t bits = draw(INT32_MAX) - draw(INT32_MAX);
    blocks[i] = word < 4 ? bits >> 16 : word < 8 ? (bits & 0x3fffffff) | 0x40000000 : word == 8 ? 0x05060708 : bits;
  }
  for (size_t i = 0; i < sizeof input; i++) {
    input[i] = (int8_t)draw(256);
  }
  p.blocks = blocks;
  p.channels = (int16_t)(4 + 4 * draw(BLOCKS));
  p.stride = (int8_t)(1 + draw(2));
  p.in_lines = (int16_t)(1 + draw(12));
  p.in_pixels = (int16_t)(1 + draw(12));
  p.out_lines = (int16_t)(1 + draw(12));
  p.out_pixels = (int16_t)(1 + draw(12));
  p.pad_lines = (int16_t)draw(3);
  p.pad_pixels = (int16_t)draw(3);
  p.in_zero_point = (int8_t)draw(256);
  p.out_zero_point = draw(2) ? INT8_MIN : 5;
  p.act_min = INT8_MIN;
  p.act_max = INT8_MAX;
  return p;
}

static int32_t within(int32_t line, const tp_depthwise_3x3_s8_t *p) {
  return line < 0 ? 0 : line > p->in_lines ? p->in_lines : line;
}

static void in_parts(const tp_depthwise_3x3_s8_t *p) {
  const int32_t in_line = p->in_pixels * p->channels;
  const int32_t out_line = p->out_pixels * p->channels;
  for (int32_t first = 0, last; first < p->out_lines; first = last) {
    last = first + 1 + draw(p->out_lines - first);
    const int32_t begin = within(first * p->stride - p->pad_lines, p);
    const int32_t end = within((last - 1) * p->stride - p->pad_lines + 3, p);
    memset(needed, 77, sizeof needed);
    memcpy(needed, input + begin * in_line, end > begin ? (size_t)((end - begin) * in_line) : 0);
    tp_depthwise_3x3_s8_rows(p, first, last, begin, needed, parts + first * out_line, scratch);
  }
}

int main(void) {
  for (int i = 0; i < 200; i++) {
    const tp_depthwise_3x3_s8_t p = draw_layer();
    const size_t written = (size_t)(p.out_lines * p.out_pixels * p.channels);
    tp_depthwise_3x3_s8(&p, input, whole, scratch);
    in_parts(&p);
    if (memcmp(parts, whole, written) != 0) {
      return 1;
    }
  }
  return 0;
}
