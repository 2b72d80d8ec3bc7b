// Prints what a sensor gives: the recording's kind and number of channels say which. The first sample is the time in ms
// that loop() takes.
#include <Arduino_BMI270_BMM150.h>
#undef IMU // a sketch of one board has one
#include <Arduino_LSM9DS1.h>
#include <Arduino_OV767X.h>
#include <ESP_I2S.h>
#include <PDM.h>
#include <tinypack_emulator.h>

#include "sensors/replay.h"

enum { RATE = 16000, KEPT = 1024 };

static int16_t kept[KEPT];
static uint32_t count, lost;
static int pause = -1; // not known yet

static void print_kept() {
  if (pause > 0) {  // quickly: time goes by it
    Serial.print(kept[0]);
    Serial.print(',');
    Serial.print(count);
    Serial.print(',');
    Serial.println(lost);
  } else {
    for (uint32_t i = 0; i < count; i++) {
      Serial.println(kept[i]);
    }
  }
  lost = count = 0;
}

static void received() {
  const size_t bytes = PDM.available(), room = sizeof kept - count * sizeof kept[0];
  const size_t n = PDM.read(kept + count, min(bytes, room));
  count += n / sizeof kept[0];
  lost += (bytes - n) / sizeof kept[0];
}

static void begin_pdm() {
  PDM.onReceive(received);
  PDM.begin(1, RATE);
}

static I2SClass i2s;

static void begin_i2s() {
  i2s.setPins(1, 2, -1, 3);
  i2s.begin(I2S_MODE_STD, RATE, I2S_DATA_BIT_WIDTH_32BIT, I2S_SLOT_MODE_STEREO, I2S_STD_SLOT_BOTH);
}

static void poll_i2s() {
  static int32_t raw[64];
  const size_t n = i2s.readBytes((char *)raw, sizeof raw) / sizeof raw[0];
  for (size_t i = 0; i < n; i++) {
    kept[count++] = (int16_t)(raw[i] >> 16);
  }
}

static void print_axes(float x, float y, float z) {
  Serial.print(x, 6);
  Serial.print(',');
  Serial.print(y, 6);
  Serial.print(',');
  Serial.println(z, 6);
}

// Of three channels in one-shot mode, of six in continuous mode.
static void begin_imu() {
  if (replay.header().channels == 6) {
    IMU_BMI270_BMM150.begin();
    IMU_BMI270_BMM150.setContinuousMode();
  } else {
    IMU_LSM9DS1.begin();
  }
}

static void poll_imu() {
  float x, y, z;
  if (replay.header().channels == 3) {
    if (IMU_LSM9DS1.accelerationAvailable()) {
      IMU_LSM9DS1.readAcceleration(x, y, z);
      pause = (int)x;
      print_axes(x, y, z);
    }
    return;
  }
  while (IMU_BMI270_BMM150.accelerationAvailable() && IMU_BMI270_BMM150.gyroscopeAvailable()) {
    IMU_BMI270_BMM150.readAcceleration(x, y, z);
    pause = (int)x;
    print_axes(x, y, z);
    IMU_BMI270_BMM150.readGyroscope(x, y, z);
    print_axes(x, y, z);
  }
}

static void poll_analog() {
  static uint32_t next;
  if (next == 0) {
    next = micros();
  }
  if (micros() - next >= 10000) {
    next += 10000;
    const int a = analogRead(A0), b = analogRead(A1);
    Serial.print(a);
    Serial.print(',');
    Serial.println(b);
  }
}

static unsigned long started, called[64];

// Takes the mean of two readings, as against noise: both are of the same moment.
static void tick() {
  called[count] = micros() - started;
  const int first = analogRead(A0);
  kept[count++] = (int16_t)(replay.waits() ? first : (first + analogRead(A0)) / 2);
}

static void begin_timer() {
  started = micros();
  tinypack_every(replay.header().millihertz, tick);
}

static void print_ticks() {
  for (uint32_t i = 0; i < count; i++) {
    Serial.print(kept[i]);
    Serial.print(',');
    Serial.println(called[i]);
  }
  count = 0;
}

#ifdef __ARM_ARCH_6M__ // 16 KB of RAM
static void begin_camera() {}
static void poll_camera() {}
#else
static uint8_t pixels[160 * 120 * 2];

static void begin_camera() {
  Camera.begin(QQVGA, replay.header().channels == 3 ? RGB565 : GRAYSCALE, 1);
}

static void poll_camera() {
  uint32_t sum = 0;
  Camera.readFrame(pixels);
  for (int i = 0; i < Camera.width() * Camera.height() * Camera.bytesPerPixel(); i++) {
    sum = sum * 31 + pixels[i];
  }
  Serial.println(sum);
}
#endif

// Takes until the next multiple of the pause, and lets no callback come meanwhile, as a computation.
static void work() {
  static uint32_t end;
  if (pause > 0) {
    end = (end == 0 ? micros() : end) + pause * 1000u;
    noInterrupts();
    while ((int32_t)(micros() - end) < 0) {
    }
    interrupts();
  }
}

static bool is_camera, is_imu, is_i2s, is_pdm, is_timer;

void setup() {
  Serial.begin(115200);
  if (!replay.given()) {
    Serial.print("none, then ");
    Serial.println(Serial.readString());
    PDM.begin(1, RATE);
  }
  const int channels = replay.header().channels;
  is_camera = replay.header().format == REPLAY_PIXELS;
  is_imu = !is_camera && channels % 3 == 0;
  is_i2s = !is_camera && channels == 2;
  is_pdm = !is_camera && channels == 1;
  is_timer = !is_camera && channels == 5;
  if (is_camera) {
    begin_camera();
  } else if (is_imu) {
    begin_imu();
  } else if (is_i2s) {
    begin_i2s();
  } else if (is_pdm) {
    begin_pdm();
  } else if (is_timer) {
    begin_timer();
  }
}

void loop() {
  if (is_camera) {
    poll_camera();
  } else if (is_imu) {
    poll_imu();
  } else if (is_i2s) {
    poll_i2s();
  } else if (!is_pdm && !is_timer) {
    poll_analog();
  }
  if (count > 0) {
    pause = pause < 0 ? kept[0] : pause;
    is_timer ? print_ticks() : print_kept();
  }
  work();
}
