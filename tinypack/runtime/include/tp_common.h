/* What every kernel shares: types and the instruction set variant that the compiler's macros choose. */
#ifndef TP_COMMON_H
#define TP_COMMON_H

#include <stddef.h>
#include <stdint.h>

/* MVE (Helium): Cortex-M55, M85. DSP: Cortex-M4, M7, M33, and those that have MVE. */
#if defined(__GNUC__) && defined(__thumb2__) && defined(__ARM_FEATURE_DSP)
#define TP_DSP
#if defined(__ARM_FEATURE_MVE) && (__ARM_FEATURE_MVE & 1)
#define TP_MVE
#define TP_KERNEL_VARIANT "arm_mve"
#else
#define TP_KERNEL_VARIANT "arm_dsp"
#endif
#else
#define TP_KERNEL_VARIANT "portable"
#endif

/* Tables of weights stand in flash. AVR reads them there by instructions of its own, within the first 64 KB, and
   copies other constants, such as parameters, to RAM; all others read flash as they read RAM. */
#ifdef __AVR__
#include <avr/pgmspace.h>
#define TP_FLASH PROGMEM
#define TP_READ_8(p) pgm_read_byte(p)
#define TP_READ_32(p) pgm_read_dword(p)
#else
#define TP_FLASH
#define TP_READ_8(p) (*(p))
#define TP_READ_32(p) (*(p))
#endif

#ifdef __cplusplus
extern "C" {
#endif

static inline int8_t tp_flash_s8(const int8_t *p) {
  return (int8_t)TP_READ_8(p);
}

static inline uint8_t tp_flash_u8(const uint8_t *p) {
  return (uint8_t)TP_READ_8(p);
}

static inline int32_t tp_flash_s32(const int32_t *p) {
  return (int32_t)TP_READ_32(p);
}

static inline int32_t tp_clamp(int32_t x, int32_t lowest, int32_t highest) {
  return x < lowest ? lowest : x > highest ? highest : x;
}

#ifdef __cplusplus
}
#endif
#endif
