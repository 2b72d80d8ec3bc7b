/* The microphone of Arduino's PDM library, replaying a recording of 16 bits.
 *
 * A full buffer replaces the one before, read or not, and calls onReceive(): where the sketch looks at the clock, waits,
 * or ends loop(), once for each buffer that is due. (On an nRF52840 an unread buffer stops the microphone instead.)
 * The last buffer holds what is left of the recording.
 */
#ifndef PDM_h
#define PDM_h

#include "Arduino.h"
#include "sensors/hooks.h"

class PDMClass {
 public:
  /* 1, or the program ends: channels and rate must be the recording's. */
  int begin(int channels, int sample_rate);
  void end();

  int available(); /* bytes */
  int read(void *data, size_t bytes);
  void onReceive(void (*function)(void)) { on_receive_ = function; }

  void setGain(int) {}
  void setBufferSize(int bytes); /* up to 512, which is the default */

 private:
  static void deliver(sensor_poll_t kind);
  bool fill();

  void (*on_receive_)(void);
  uint16_t size_, filled_, next_; /* bytes; size 0: the default */
  uint8_t buffer_[512];
};

extern PDMClass PDM;

#endif
