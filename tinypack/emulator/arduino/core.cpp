/* Time, pins, random numbers, and what C++ asks of a runtime. */
#include "Arduino.h"
#include "machine.h"

int main() {
  machine_start();
  setup();
  for (;;) {
    loop();
  }
}

unsigned long millis(void) { return (uint32_t)(machine_micros() / 1000u); }

unsigned long micros(void) { return (uint32_t)machine_micros(); }

void delay(unsigned long ms) {
  for (; ms > 1000; ms -= 1000) {
    machine_sleep(1000000);
  }
  machine_sleep((uint32_t)ms * 1000u);
}

void delayMicroseconds(unsigned int us) { machine_sleep(us); }

__attribute__((weak)) void yield(void) {}

void pinMode(pin_size_t, int) {}
void digitalWrite(pin_size_t, int) {}
int digitalRead(pin_size_t) { return LOW; }
int analogRead(pin_size_t) { return 0; }
void analogWrite(pin_size_t, int) {}

long map(long x, long from_low, long from_high, long to_low, long to_high) {
  return (x - from_low) * (to_high - to_low) / (from_high - from_low) + to_low;
}

static uint32_t random_state = 1;

void randomSeed(unsigned long seed) {
  if (seed != 0) {
    random_state = (uint32_t)seed;
  }
}

/* Source: Marsaglia, "Xorshift RNGs" */
static uint32_t next_random() {
  random_state ^= random_state << 13;
  random_state ^= random_state >> 17;
  random_state ^= random_state << 5;
  return random_state;
}

long random(long end) { return end <= 0 ? 0 : (long)(next_random() % (unsigned long)end); }

long random(long begin, long end) { return begin >= end ? begin : begin + random(end - begin); }

void *operator new(size_t n) { return malloc(n); }
void *operator new[](size_t n) { return malloc(n); }
void operator delete(void *p) noexcept { free(p); }
void operator delete[](void *p) noexcept { free(p); }
void operator delete(void *p, size_t) noexcept { free(p); }
void operator delete[](void *p, size_t) noexcept { free(p); }

extern "C" void __cxa_pure_virtual() { abort(); }
extern "C" void __cxa_deleted_virtual() { abort(); }
