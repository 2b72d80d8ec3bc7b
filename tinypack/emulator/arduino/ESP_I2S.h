/* The I2S bus as Arduino's core 3 for ESP32 has it, with a microphone that replays a recording of 16 bits.
 *
 * The driver keeps the newest 1440 frames; older ones are lost. In 32 bits a sample stands in the upper half, as
 * microphones of 24 bits send it. Pins and modes are not looked at.
 */
#ifndef ESP_I2S_h
#define ESP_I2S_h

#include "Arduino.h"

enum i2s_mode_t { I2S_MODE_STD, I2S_MODE_TDM, I2S_MODE_PDM_TX, I2S_MODE_PDM_RX };
enum i2s_data_bit_width_t { I2S_DATA_BIT_WIDTH_16BIT = 16, I2S_DATA_BIT_WIDTH_32BIT = 32 };
enum i2s_slot_mode_t { I2S_SLOT_MODE_MONO = 1, I2S_SLOT_MODE_STEREO = 2 };
enum i2s_std_slot_mask_t { I2S_STD_SLOT_LEFT = 1, I2S_STD_SLOT_RIGHT = 2, I2S_STD_SLOT_BOTH = 3 };

class I2SClass {
 public:
  void setPins(int8_t, int8_t, int8_t, int8_t = -1, int8_t = -1) {}
  void setPinsPdmRx(int8_t, int8_t, int8_t = -1, int8_t = -1, int8_t = -1) {}

  /* true, or the program ends: channels and rate must be the recording's. */
  bool begin(i2s_mode_t, uint32_t rate, i2s_data_bit_width_t width, i2s_slot_mode_t slots, int8_t mask = -1);
  bool end() { return true; }

  /* Wait for so many bytes; fewer only at the recording's end. */
  size_t readBytes(char *data, size_t bytes);

  int available(); /* bytes */

 private:
  uint32_t frame_bytes() const;

  uint32_t width_; /* bytes of a sample */
};

#endif
