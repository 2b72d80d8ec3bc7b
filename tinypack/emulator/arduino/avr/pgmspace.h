/* Program memory is ordinary memory here. */
#ifndef TINYPACK_PGMSPACE_H
#define TINYPACK_PGMSPACE_H

#include <stdint.h>
#include <string.h>

#define PROGMEM
#define PGM_P const char *
#define PSTR(s) (s)

#define pgm_read_byte(p) (*(const uint8_t *)(p))
#define pgm_read_word(p) (*(const uint16_t *)(p))
#define pgm_read_dword(p) (*(const uint32_t *)(p))
#define pgm_read_float(p) (*(const float *)(p))
#define pgm_read_ptr(p) (*(const void *const *)(p))
#define pgm_read_byte_near(p) pgm_read_byte(p)
#define pgm_read_word_near(p) pgm_read_word(p)
#define pgm_read_dword_near(p) pgm_read_dword(p)
#define pgm_read_float_near(p) pgm_read_float(p)

#define memcpy_P memcpy
#define memcmp_P memcmp
#define strcpy_P strcpy
#define strncpy_P strncpy
#define strcat_P strcat
#define strcmp_P strcmp
#define strncmp_P strncmp
#define strlen_P strlen

#endif
