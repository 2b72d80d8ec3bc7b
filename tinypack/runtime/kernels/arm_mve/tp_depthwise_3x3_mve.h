/* Depthwise 3x3 by MVE: four channels at a time, their lines as bytes in a ring. */
#ifndef TP_DEPTHWISE_3X3_MVE_H
#define TP_DEPTHWISE_3X3_MVE_H

#include <string.h>

#include "tp_depthwise_3x3_lines_mve.h"
#include "tp_depthwise_3x3_s8.h"

#define TP_BLOCK_WORDS 18

/* What fills the ring. */
typedef struct {
  const tp_depthwise_3x3_s8_t *p;
  const int8_t *input; /* of these channels, line 0: maybe before what there is */
  int8_t *ring;
  int32_t pixel; /* elements of the input from one to the next */
  int32_t line;
  int32_t first; /* line that there is and outputs need */
  int32_t end;    /* line after the last */
  int32_t begin;  /* pixels of padding */
  int32_t pixels; /* of the input */
  int32_t length; /* of a line with its padding */
  int32_t zeros;  /* padding: four bytes */
} tp_depthwise_3x3_ring_t;

static tp_depthwise_3x3_ring_t tp_depthwise_3x3_ring(const tp_depthwise_3x3_s8_t *p, int8_t *ring, int32_t first,
                                                     int32_t last) {
  const tp_depthwise_3x3_steps_t in = tp_depthwise_3x3_steps(p, p->in_lines, p->in_pixels);
  const int32_t length = (p->out_pixels - 1) * p->stride + 3;
  const int32_t begin = p->pad_pixels < length ? p->pad_pixels : length;
  tp_depthwise_3x3_ring_t r;
  r.p = p;
  r.input = NULL;
  r.ring = ring;
  r.pixel = in.pixel;
  r.line = in.line;
  r.first = first * p->stride - p->pad_lines;
  if (r.first < 0) {
    r.first = 0;
  }
  r.end = (last - 1) * p->stride - p->pad_lines + 3;
  if (r.end > p->in_lines) {
    r.end = p->in_lines;
  }
  r.begin = begin;
  r.pixels = length - begin < p->in_pixels ? length - begin : p->in_pixels;
  r.length = length;
  memset(&r.zeros, p->in_zero_point, sizeof r.zeros);
  memset(ring, p->in_zero_point, (size_t)(length * TP_PIXEL_BYTES));
  return r;
}

/* Two lines of the input into the ring, from `line` on; padding for others. */
static void tp_depthwise_3x3_fill(const tp_depthwise_3x3_ring_t *r, int32_t line) {
  const int8_t *zeros = (const int8_t *)&r->zeros;
  const int8_t *from[2] = {zeros, zeros};
  int32_t steps[2] = {0, 0};
  for (int32_t i = 0; i < 2; i++) {
    if (line + i >= r->first && line + i < r->end) {
      from[i] = r->input + (line + i) * r->line;
      steps[i] = r->pixel;
    }
  }
  if (r->pixels > 0) {
    const int32_t end = r->begin + r->pixels;
    tp_depthwise_3x3_two_lines(from[0], from[1], r->ring + r->begin * TP_PIXEL_BYTES, r->pixels, steps);
    /* It writes four pixels at a time. */
    memset(r->ring + end * TP_PIXEL_BYTES, r->p->in_zero_point, (size_t)((r->length - end) * TP_PIXEL_BYTES));
  }
}

static void tp_depthwise_3x3_unpack(const int32_t *block, int8_t taps[4][TP_WINDOW_BYTES]) {
  const int8_t *tap = (const int8_t *)(block + 9);
  for (int32_t line = 0; line < 3; line++) {
    for (int32_t pixel = 0; pixel < 3; pixel++) {
      for (int32_t c = 0; c < 4; c++) {
        taps[c][5 + 4 * pixel + line] = *tap++;
      }
    }
  }
}

static void tp_depthwise_3x3_clamp(const tp_depthwise_3x3_s8_t *p, int8_t *line, int32_t pixel) {
  for (int32_t i = 0; i < p->out_pixels; i++, line += pixel) {
    for (int32_t c = 0; c < 4; c++) {
      line[c] = (int8_t)tp_clamp(line[c], p->act_min, p->act_max);
    }
  }
}

void tp_depthwise_3x3_s8_rows(const tp_depthwise_3x3_s8_t *p, int32_t first, int32_t last, int32_t in_first,
                              const int8_t *input, int8_t *output, void *scratch) {
  const int32_t at_once = p->stride == 1 ? 2 : 1;
  const int clamps = p->act_min > INT8_MIN || p->act_max < INT8_MAX;
  const tp_depthwise_3x3_steps_t out = tp_depthwise_3x3_steps(p, p->out_lines, p->out_pixels);
  tp_depthwise_3x3_step_t *const step = at_once == 2 ? tp_depthwise_3x3_1 : tp_depthwise_3x3_2;
  tp_depthwise_3x3_outputs_t outputs = {out.pixel, out.line, p->out_pixels, 1, p->out_zero_point};
  tp_depthwise_3x3_scratch_t *s = (tp_depthwise_3x3_scratch_t *)scratch;
  tp_depthwise_3x3_ring_t ring = tp_depthwise_3x3_ring(p, s->ring, first, last);
  const int32_t *block = p->blocks;
  memset(s->taps, 0, sizeof s->taps);
  ring.input = input - in_first * ring.line;
  for (const int8_t *end = output + p->channels; output != end; output += 4, ring.input += 4, block += TP_BLOCK_WORDS) {
    int32_t line = first * p->stride - p->pad_lines + at_once - 2;
    int8_t *to = output;
    tp_depthwise_3x3_unpack(block, s->taps);
    tp_depthwise_3x3_fill(&ring, line);
    for (int32_t y = first; y < last; y += at_once) {
      outputs.lines = last - y < at_once ? 1 : at_once;
      line += 2;
      tp_depthwise_3x3_fill(&ring, line);
      step(block, s, to, &outputs);
      for (int32_t i = 0; clamps && i < outputs.lines; i++) {
        tp_depthwise_3x3_clamp(p, to + i * out.line, out.pixel);
      }
      to += at_once * out.line;
    }
  }
}

#endif
