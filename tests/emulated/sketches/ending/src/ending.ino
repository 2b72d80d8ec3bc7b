// Ends as its first byte of input says: each way must be told apart from the others.
#include <string.h>

static int depth(volatile int n) {
  volatile char frame[256];
  memset((void *)frame, n, sizeof frame);
  return n < 0 ? 0 : frame[n & 255] + depth(n + 1) + frame[(n + 1) & 255];
}

static void write_null() {
  volatile int *volatile nowhere = nullptr;
  *nowhere = 1;
}

static void read_null() {
  volatile int *volatile nowhere = nullptr;
  Serial.println(*nowhere);
}

static void call_null() {
  void (*volatile nowhere)() = nullptr;
  nowhere();
}

static void write_code() {
  *(volatile char *)(uintptr_t)&setup = 0;
}

static void echo() {
  for (int c = Serial.read(); c >= 0; c = Serial.read()) {
    Serial.write((uint8_t)c);
  }
}

void setup() {
  Serial.begin(115200);
  switch (Serial.read()) {
    case 'o': exit(0);
    case '7': exit(7);
    case 'm': exit(255);
    case 'e': echo(); exit(0);
    case 'w': write_null(); break;
    case 'r': read_null(); break;
    case 'c': call_null(); break;
    case 'f': write_code(); break;
    case 't': __builtin_trap();
    case 'a': abort();
    case 's': Serial.println(depth(0)); break;
    case 'h': Serial.println("waiting"); break;
  }
}

void loop() {}
