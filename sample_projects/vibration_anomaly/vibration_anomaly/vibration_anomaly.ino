// Watches a machine: prints a line such as "2.6 s: 12.27 anomaly", and lights the LED while something is wrong.
//
// An accelerometer with an analog output, such as an ADXL335 (a capacitor of 10 nF limits it to 500 Hz), is on pin A0.
// Both it and the converter run at the same supply, so that a step of 12 bits is 10/4096 g at any voltage. In the
// emulator the pin replays a recording.

#include <stdlib.h>
#include <vibration_anomaly.h>

#include "sampling.h"

static Vibration_Anomaly watch;

// Called by a timer where there is one, also while the model computes.
static void take() {
  const int16_t sample = (int16_t)analogRead(A0);
  watch.push(&sample, 1);
}

static void stop(const char *why) {
  Serial.println(why);
#ifdef TINYPACK_EMULATOR
  exit(1);
#endif
  for (;;) {
    delay(1000);
  }
}

static void show(const vibration_anomaly_result_t &result) {
  digitalWrite(LED_BUILTIN, result.is_anomaly ? HIGH : LOW);
  Serial.print(result.time_ms / 1000.0, 1);
  Serial.print(" s: ");
  Serial.print((double)result.score / VIBRATION_ANOMALY_SCORE_ONE, 2);
  Serial.println(result.is_anomaly ? " anomaly" : "");
}

static void show_lost(uint32_t lost) {
  static uint32_t shown;
  if (lost != shown) {
    shown = lost;
    Serial.print(lost);
    Serial.println(" samples lost");
  }
}

void setup() {
  Serial.begin(115200);
  while (!Serial && millis() < 5000) {
  }
  pinMode(LED_BUILTIN, OUTPUT);
#ifndef TINYPACK_EMULATOR
  analogReadResolution(12);  // as in training
#endif
  const int rc = watch.begin();
  if (rc != VIBRATION_ANOMALY_OK) {
    stop(vibration_anomaly_strerror(rc));
  }
  begin_sampling(VIBRATION_ANOMALY_SAMPLE_RATE, take);
}

void loop() {
  const uint32_t missed = keep_sampling();
  const int rc = watch.run();
  if (rc < 0) {
    stop(vibration_anomaly_strerror(rc));
  }
  if (rc > 0) {
    show(watch.result());
  }
  show_lost(watch.lost() + missed);
}
