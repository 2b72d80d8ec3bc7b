// Feels how the board is moved, and prints the gestures that it detects: a line such as "12.3 s: wave (0.98)".
//
// For the Arduino Nano 33 BLE Sense. Its second revision has another IMU: build it with -DNANO_REV2, or uncomment the
// next line. In the emulator the IMU replays a recording.
// #define NANO_REV2

#include <gesture.h>
#include <stdlib.h>
#ifdef NANO_REV2
#include <Arduino_BMI270_BMM150.h>
#else
#include <Arduino_LSM9DS1.h>
#endif

static Gesture gesture;

static void stop(const char *why) {
  Serial.println(why);
#ifdef TINYPACK_EMULATOR
  exit(1);
#endif
  for (;;) {
    delay(1000);
  }
}

void setup() {
  Serial.begin(115200);
  while (!Serial && millis() < 5000) {
  }
  const int rc = gesture.begin();
  if (rc != GESTURE_OK) {
    stop(gesture_strerror(rc));
  }
  if (!IMU.begin()) {
    stop("no IMU found: is this the other revision of the board?");
  }
  IMU.setContinuousMode();  // it keeps readings while the model computes
}

// Push what the IMU has: readings in g.
static void receive() {
  while (!gesture.ready() && IMU.accelerationAvailable()) {
    float g[GESTURE_CHANNELS];
    IMU.readAcceleration(g[0], g[1], g[2]);
    const int16_t samples[] = {Gesture::sample(g[0]), Gesture::sample(g[1]), Gesture::sample(g[2])};
    gesture.push(samples, GESTURE_CHANNELS);
  }
}

void loop() {
  receive();
  const int rc = gesture.run();
  if (rc < 0) {
    stop(gesture_strerror(rc));
  }
  if (rc == 0) {
    return;
  }
  const gesture_result_t result = gesture.result();
  if (result.is_new) {
    Serial.print(result.time_ms / 1000.0, 1);
    Serial.print(" s: ");
    Serial.print(result.label);
    Serial.print(" (");
    Serial.print((double)result.score / GESTURE_SCORE_ONE, 2);
    Serial.println(")");
  }
  if (gesture.lost() > 0) {
    stop("too slow: samples were lost");
  }
}
