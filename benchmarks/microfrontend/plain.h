/* The audio front end as one would first write it: what kernels of the runtime are measured against. */
#ifndef PLAIN_H
#define PLAIN_H

#include <stdint.h>

typedef struct {
  int16_t re, im;
} complex16;

/* Tables and sizes, defined by the benchmark. */
extern const int16_t window[], weights[], unweights[], gain[];
extern const uint16_t log_table[], starts[], widths[];
extern const complex16 twiddles[], split_twiddles[];
extern const int samples, points, first_bin, end_bin, channels;

void plain_window(const int16_t *input, int16_t *output);
int plain_scale(const int16_t *input, int16_t *output);
void plain_rfft(const int16_t *input, complex16 *output);
void plain_energy(const complex16 *input, uint32_t *output);
void plain_filter_bank(const uint32_t *input, uint64_t *output);
void plain_square_root(const uint64_t *input, int bits, uint32_t *output);
void plain_noise_reduction(uint32_t *estimate, const uint32_t *input, uint32_t *output);
void plain_pcan(const uint32_t *estimate, const uint32_t *input, uint32_t *output);
void plain_log(const uint32_t *input, int16_t *output);
void plain_rescale(const int16_t *input, int8_t *output);

#endif
