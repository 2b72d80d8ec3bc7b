#include "input.h"

#include <string.h>

#include "machine.h"

static uint8_t fetched[256];
static size_t next, end;

size_t input_available() {
  if (next == end) {
    next = 0;
    end = machine_read(fetched, sizeof fetched);
  }
  return end - next;
}

int input_peek() { return input_available() > 0 ? fetched[next] : -1; }

int input_get() { return input_available() > 0 ? fetched[next++] : -1; }

size_t input_read(void *data, size_t n) {
  uint8_t *out = static_cast<uint8_t *>(data);
  size_t count = end - next < n ? end - next : n;
  memcpy(out, fetched + next, count);
  next += count;
  while (count < n) {
    const size_t got = machine_read(out + count, n - count);
    if (got == 0) {
      break;
    }
    count += got;
  }
  return count;
}

bool input_begins_with(const void *bytes, size_t n) {
  memmove(fetched, fetched + next, end - next); /* makes room for n bytes in a row */
  end -= next;
  next = 0;
  while (end < n && memcmp(fetched, bytes, end) == 0) {
    const size_t got = machine_read(fetched + end, n - end);
    if (got == 0) {
      return false;
    }
    end += got;
  }
  return end >= n && memcmp(fetched, bytes, n) == 0;
}
