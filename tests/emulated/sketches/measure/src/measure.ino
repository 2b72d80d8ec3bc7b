// What the emulator measures: instructions, stack and time, of pieces whose cost is known.
#include <tinypack_emulator.h>

static volatile float value = 1.0f;

// Three instructions a round.
static void rounds(uint32_t n) {
#if defined(__arm__)
  __asm__ volatile(".syntax unified\n1: subs %0, #1\n nop\n bne 1b" : "+l"(n) : : "cc");
#elif defined(__riscv)
  __asm__ volatile("1: addi %0, %0, -1\n nop\n bnez %0, 1b" : "+r"(n));
#elif defined(__xtensa__)
  __asm__ volatile("1: addi %0, %0, -1\n nop\n bnez %0, 1b" : "+r"(n));
#else
  while (n-- > 0) {
    value = value + 1.0f;
  }
#endif
}

__attribute__((noinline)) static void use_stack(void) {
  volatile uint8_t frame[1000];
  frame[0] = 1;
  frame[999] = frame[0];
}

// Float, device access and output: what could make two ways of counting differ.
static void mixed(void) {
  for (volatile int i = 0; i < 100; i++) {
    value = value * 1.5f;
    micros();
  }
  Serial.println("mixed");
}

void setup() {
  bench_begin();
  bench_end();
  bench_begin();
  rounds(1000);
  bench_end();
  bench_begin();
  mixed();
  bench_end();
  tinypack_stack_paint();
  const uint32_t unused = tinypack_stack_used();
  use_stack();
  const uint32_t used = tinypack_stack_used();
  Serial.print("unused=");
  Serial.println(unused);
  Serial.print("used=");
  Serial.println(used);
  Serial.print("micros=");
  Serial.println(micros());
  const uint32_t before = micros();
  rounds(1000000);
  Serial.print("rounds=");
  Serial.println(micros() - before);
  exit(0);
}

void loop() {}
