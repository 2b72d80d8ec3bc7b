/* Samples that wait: a ring with one producer, who may be an interrupt, and one consumer. */
#ifndef TP_RING_H
#define TP_RING_H

#include <string.h>

#include "tp_common.h"

/* A number that the other side reads: a store is seen after all that was stored before it, a load goes before all that
   is loaded after it. AVR has one core and no 32-bit load, so that interrupts wait there; elsewhere the compiler knows. */
#if defined(__AVR__)
#include <avr/interrupt.h>
#endif

#ifdef __cplusplus
extern "C" {
#endif

static inline uint32_t tp_load(const uint32_t *p) {
#if defined(__AVR__)
  const uint8_t status = SREG;
  uint32_t value;
  cli();
  value = *(const volatile uint32_t *)p;
  SREG = status;
  return value;
#elif defined(__GNUC__)
  return __atomic_load_n(p, __ATOMIC_ACQUIRE);
#else
  return *(const volatile uint32_t *)p;
#endif
}

static inline void tp_store(uint32_t *p, uint32_t value) {
#if defined(__AVR__)
  const uint8_t status = SREG;
  cli();
  *(volatile uint32_t *)p = value;
  SREG = status;
#elif defined(__GNUC__)
  __atomic_store_n(p, value, __ATOMIC_RELEASE);
#else
  *(volatile uint32_t *)p = value;
#endif
}

/* Only the producer writes head and lost, only the consumer tail. Of `size` elements one group stays free: head == tail
   is empty. size and all positions are multiples of the group. */
typedef struct {
  uint32_t *head;
  uint32_t *tail;
  uint32_t *lost;
  int16_t *samples;
  uint32_t size;
  uint32_t group; /* interleaved channels */
} tp_ring_t;

/* Copy what has room, whole groups; count the rest as lost. Returns how many samples were taken. */
static inline size_t tp_ring_push(const tp_ring_t *r, const int16_t *samples, size_t n) {
  const uint32_t head = *r->head;
  const uint32_t tail = tp_load(r->tail);
  const uint32_t room = (tail > head ? tail - head : r->size - head + tail) - r->group;
  const uint32_t given = n < room ? (uint32_t)n : room;
  const size_t taken = (size_t)(given - given % r->group);
  const size_t first = taken < r->size - head ? taken : (size_t)(r->size - head);
  memcpy(r->samples + head, samples, first * sizeof *samples);
  memcpy(r->samples, samples + first, (taken - first) * sizeof *samples);
  tp_store(r->head, head + (uint32_t)taken < r->size ? head + (uint32_t)taken : head + (uint32_t)taken - r->size);
  if (taken < n) {
    tp_store(r->lost, *r->lost + (uint32_t)(n - taken));
  }
  return taken;
}

/* Samples that wait. */
static inline uint32_t tp_ring_waiting(const tp_ring_t *r) {
  const uint32_t head = tp_load(r->head);
  const uint32_t tail = *r->tail;
  return head >= tail ? head - tail : r->size - tail + head;
}

/* Copy the n oldest samples; they stay. */
static inline void tp_ring_peek(const tp_ring_t *r, int16_t *samples, uint32_t n) {
  const uint32_t tail = *r->tail;
  const size_t first = (size_t)(n < r->size - tail ? n : r->size - tail);
  memcpy(samples, r->samples + tail, first * sizeof *samples);
  memcpy(samples + first, r->samples, ((size_t)n - first) * sizeof *samples);
}

/* Drop the n oldest samples. */
static inline void tp_ring_drop(const tp_ring_t *r, uint32_t n) {
  const uint32_t tail = *r->tail + n;
  tp_store(r->tail, tail < r->size ? tail : tail - r->size);
}

#ifdef __cplusplus
}
#endif
#endif
