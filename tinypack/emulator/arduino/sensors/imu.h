/* What the stand-ins of IMUs share: the recording's channels are acceleration x, y, z in g, then, if there are more,
 * rotation x, y, z in degrees a second and magnetic field x, y, z in uT.
 *
 * The sensor keeps the newest sample, or, in continuous mode, as many as its FIFO holds; older ones are lost. Its rate is
 * the recording's.
 */
#ifndef tinypack_imu_h
#define tinypack_imu_h

#include "Arduino.h"

class ReplayedImu {
 public:
  explicit constexpr ReplayedImu(uint8_t fifo) : fifo_(fifo) {}

  int begin(); /* 1, or the program ends */
  void end() {}
  void setContinuousMode() { depth_ = fifo_; }
  void setOneShotMode() { depth_ = 1; }
  void oneShotMode() { depth_ = 1; }

  int accelerationAvailable() { return available(ACCELERATION); }
  int readAcceleration(float &x, float &y, float &z) { return read(ACCELERATION, x, y, z); }
  float accelerationSampleRate() const;

  int gyroscopeAvailable() { return available(ROTATION); }
  int readGyroscope(float &x, float &y, float &z) { return read(ROTATION, x, y, z); }
  float gyroscopeSampleRate() const { return accelerationSampleRate(); }

  int magneticFieldAvailable() { return available(FIELD); }
  int readMagneticField(float &x, float &y, float &z) { return read(FIELD, x, y, z); }
  float magneticFieldSampleRate() const { return accelerationSampleRate(); }

 private:
  enum part_t { ACCELERATION, ROTATION, FIELD, PARTS };
  int available(part_t part);
  int read(part_t part, float &x, float &y, float &z);

  uint8_t fifo_, depth_ = 1;
  uint8_t unread_ = 0; /* a bit for each part */
  float values_[PARTS * 3] = {};
};

#endif
