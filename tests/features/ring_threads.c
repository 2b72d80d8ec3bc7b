/* One thread pushes pieces of odd sizes, another takes them out: nothing is lost, doubled or torn. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "tp_ring.h"

enum { GROUP = 3, SIZE = 17 * GROUP, GROUPS = 200000 };

static uint32_t head, tail, lost;
static int16_t samples[SIZE];
static const tp_ring_t ring = {&head, &tail, &lost, samples, SIZE, GROUP};

static void *produce(void *unused) {
  int16_t piece[7 * GROUP];
  uint32_t at = 0;
  (void)unused;
  while (at < GROUPS * GROUP) {
    const uint32_t left = GROUPS * GROUP - at;
    const uint32_t wanted = (1u + at / GROUP % 7u) * GROUP;
    const uint32_t n = wanted < left ? wanted : left;
    for (uint32_t i = 0; i < n; i++) {
      piece[i] = (int16_t)((at + i) & 0x7fffu);
    }
    at += (uint32_t)tp_ring_push(&ring, piece, n);
  }
  return NULL;
}

int main(void) {
  pthread_t producer;
  uint32_t at = 0;
  if (pthread_create(&producer, NULL, produce, NULL) != 0) {
    return 2;
  }
  while (at < GROUPS * GROUP) {
    int16_t seen[5 * GROUP];
    const uint32_t waiting = tp_ring_waiting(&ring);
    const uint32_t n = waiting < 5 * GROUP ? waiting : 5 * GROUP;
    tp_ring_peek(&ring, seen, n);
    for (uint32_t i = 0; i < n; i++) {
      if (waiting % GROUP != 0 || seen[i] != (int16_t)((at + i) & 0x7fffu)) {
        printf("sample %lu is wrong\n", (unsigned long)(at + i));
        return 1;
      }
    }
    tp_ring_drop(&ring, n);
    at += n;
  }
  pthread_join(producer, NULL);
  return tp_ring_waiting(&ring) == 0 ? 0 : 3;
}
