/* Time, pins, random numbers, and what C++ asks of a runtime. */
#include "Arduino.h"
#include "machine.h"
#include "sensors/hooks.h"

void (*sensor_poll)(sensor_poll_t);
void (*timer_poll)(sensor_poll_t);
uint64_t (*sensor_time)(uint32_t pass);
bool interrupting;

static bool masked;

static void interrupt(void (*deliver)(sensor_poll_t), sensor_poll_t kind) {
  if (deliver != nullptr && !masked && !interrupting) {
    interrupting = true;
    deliver(kind);
    interrupting = false;
  }
}

static void poll(sensor_poll_t kind) {
  interrupt(sensor_poll, kind);
  interrupt(timer_poll, kind);
}

int main() {
  machine_start();
  setup();
  for (;;) {
    poll(ROUND);
    loop();
  }
}

uint64_t sensor_now() { return sensor_time != nullptr ? sensor_time(0) : machine_micros(); }

static uint64_t now() {
  poll(GLANCE);
  return sensor_now();
}

unsigned long millis(void) { return (uint32_t)(now() / 1000u); }

unsigned long micros(void) { return (uint32_t)now(); }

void delayMicroseconds(unsigned int us) {
  if (sensor_time != nullptr) {
    sensor_time(us);
  } else {
    machine_sleep(us);
  }
  poll(ROUND);
}

void delay(unsigned long ms) {
  for (; ms > 1000; ms -= 1000) {
    delayMicroseconds(1000000);
  }
  delayMicroseconds((unsigned int)ms * 1000u);
}

__attribute__((weak)) void yield(void) { poll(ROUND); }

void noInterrupts(void) { masked = true; }

void interrupts(void) {
  masked = false;
  poll(GLANCE);
}

void pinMode(pin_size_t, int) {}
void digitalWrite(pin_size_t, int) {}
int digitalRead(pin_size_t) { return LOW; }
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
