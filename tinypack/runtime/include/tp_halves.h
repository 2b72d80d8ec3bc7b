/* Pairs of 16-bit numbers in a word, in the DSP extension's instructions. */
#ifndef TP_HALVES_H
#define TP_HALVES_H

#include <string.h>

#include "tp_common.h"
#include "tp_functions.h"

#ifdef TP_DSP

#ifdef __cplusplus
extern "C" {
#endif

static TP_INLINE uint32_t tp_load_halves(const int16_t *x) {
  uint32_t both;
  memcpy(&both, x, 4);
  return both;
}

static TP_INLINE void tp_store_halves(int16_t *x, uint32_t both) {
  memcpy(x, &both, 4);
}

/* The upper halves of two words. */
static TP_INLINE uint32_t tp_pack_upper(uint32_t upper, uint32_t lower) {
  __asm__("pkhtb %0, %0, %1, asr #16" : "+r"(upper) : "r"(lower));
  return upper;
}

/* The lower half of one word, the upper one of another. */
static TP_INLINE uint32_t tp_join_halves(uint32_t lower, uint32_t upper) {
  uint32_t joined;
  __asm__("pkhbt %0, %1, %2" : "=r"(joined) : "r"(lower), "r"(upper));
  return joined;
}

/* The lower halves of two words. */
static TP_INLINE uint32_t tp_pack_lower(int32_t lower, int32_t upper) {
  uint32_t both;
  __asm__("pkhbt %0, %1, %2, lsl #16" : "=r"(both) : "r"(lower), "r"(upper));
  return both;
}

static TP_INLINE int32_t tp_multiply_lower(uint32_t a, uint32_t b) {
  int32_t product;
  __asm__("smulbb %0, %1, %2" : "=r"(product) : "r"(a), "r"(b));
  return product;
}

static TP_INLINE int32_t tp_multiply_upper(uint32_t a, uint32_t b) {
  int32_t product;
  __asm__("smultt %0, %1, %2" : "=r"(product) : "r"(a), "r"(b));
  return product;
}

/* Sum of the squares of both. */
static TP_INLINE uint32_t tp_square_halves(uint32_t x) {
  uint32_t sum;
  __asm__("smuad %0, %1, %1" : "=r"(sum) : "r"(x));
  return sum;
}

/* Magnitudes of both; that of -32768 has 16 bits. */
static TP_INLINE uint32_t tp_magnitudes(uint32_t x) {
  uint32_t negative;
  __asm__("ssub16 %0, %2, %1\n\tsel %0, %0, %1" : "=&r"(negative) : "r"(x), "r"(0));
  return negative;
}

/* Sums keep their lower 16 bits. */
static TP_INLINE uint32_t tp_add_halves(uint32_t a, uint32_t b) {
  uint32_t sum;
  __asm__("sadd16 %0, %1, %2" : "=r"(sum) : "r"(a), "r"(b));
  return sum;
}

static TP_INLINE uint32_t tp_subtract_halves(uint32_t a, uint32_t b) {
  uint32_t difference;
  __asm__("ssub16 %0, %1, %2" : "=r"(difference) : "r"(a), "r"(b));
  return difference;
}

#ifdef __cplusplus
}
#endif
#endif
#endif
