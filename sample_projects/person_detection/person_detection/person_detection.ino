// Takes 96 x 96 grey images over serial, one byte a pixel, top row first, and prints the scores of both classes.
// With a camera, fill the model's input from its frame instead.

#include <person_detect.h>
#include <stdlib.h>
#ifdef TINYPACK_EMULATOR
#include <tinypack_emulator.h>
#else
#define bench_begin()
#define bench_end()
#endif

static Person_Detect detector;

void setup() {
  Serial.begin(115200);
  while (!Serial) {
  }
  const int rc = detector.begin();
  if (rc != PERSON_DETECT_OK) {
    Serial.println(person_detect_strerror(rc));
  }
}

void loop() {
  int8_t *input = detector.input();
  if (Serial.readBytes((char *)input, PERSON_DETECT_INPUT_LEN) != PERSON_DETECT_INPUT_LEN) {
#ifdef TINYPACK_EMULATOR
    exit(0);  // the host has no more images
#endif
    return;
  }
  for (int i = 0; i < PERSON_DETECT_INPUT_LEN; i++) {
    input[i] = (int8_t)((uint8_t)input[i] - 128);  // trained on pixels in [-1, 1): scale 1/127.5
  }
  bench_begin();
  detector.invoke();
  bench_end();
  for (int i = 0; i < PERSON_DETECT_LABEL_COUNT; i++) {
    Serial.print(Person_Detect::label(i));
    Serial.print(": ");
    Serial.println(Person_Detect::dequantize(detector.output()[i]), 4);
  }
  Serial.print("=> ");
  Serial.println(Person_Detect::label(detector.top()));
}
