/* A patch of pixels, channels innermost: what a window of a pool covers. */
#ifndef TP_PATCH_H
#define TP_PATCH_H

#include "tp_common.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  int32_t rows;    /* not 0 */
  int32_t columns; /* not 0 */
  int32_t step;    /* bytes from one column to the next */
  int32_t gap;     /* bytes from where a row ends to the next row */
} tp_patch_t;

#ifdef __cplusplus
}
#endif
#endif
