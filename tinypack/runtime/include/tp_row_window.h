/* Rows of a tensor that never stands as a whole. */
#ifndef TP_ROW_WINDOW_H
#define TP_ROW_WINDOW_H

#include <string.h>

#include "tp_common.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Let rows begin with number `first`: those before are no longer needed. *kept is the number of the first that is there,
   end that of the one after the last. */
static inline void tp_rows_keep(int8_t *rows, int32_t row_bytes, int32_t *kept, int32_t end, int32_t first) {
  if (first > *kept) {
    memmove(rows, rows + (first - *kept) * row_bytes, (size_t)((end - first) * row_bytes));
    *kept = first;
  }
}

#ifdef __cplusplus
}
#endif
#endif
