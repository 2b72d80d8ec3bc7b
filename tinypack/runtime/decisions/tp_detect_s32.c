#include "tp_detect_s32.h"

static int32_t top_label(const int32_t *score, int32_t labels) {
  int32_t top = 0;
  for (int32_t i = 1; i < labels; i++) {
    top = score[i] > score[top] ? i : top;
  }
  return top;
}

static int32_t votes_for(uint16_t label, const uint16_t *vote, int32_t window) {
  int32_t found = 0;
  for (int32_t i = 0; i < window; i++) {
    found += vote[i] == label ? 1 : 0;
  }
  return found;
}

/* Tell whether a label that is accepted is a detection, and remember it. */
static int32_t detected(const tp_detect_s32_t *p, int32_t *memory, int32_t label) {
  const int32_t same = memory[TP_DETECT_LAST] == label + 1;
  const int32_t early = memory[TP_DETECT_LAST] != 0 && memory[TP_DETECT_SINCE] < p->refractory;
  if (p->background[label]) {
    memory[TP_DETECT_LAST] = p->per_label ? 0 : memory[TP_DETECT_LAST];
    return 0;
  }
  if ((early && (same || !p->per_label)) || (memory[TP_DETECT_LASTING] && !p->repeat)) return 0;
  memory[TP_DETECT_LAST] = label + 1;
  memory[TP_DETECT_SINCE] = 0;
  memory[TP_DETECT_LASTING] = 1;
  return 1;
}

void tp_detect_s32(const tp_detect_s32_t *p, uint16_t *vote, int32_t *memory, const int32_t *score, int32_t *verdict) {
  const int32_t top = top_label(score, p->labels);
  const int32_t strange = p->novel && score[p->labels] >= p->threshold[p->labels] ? 1 : 0;
  const int32_t label = strange ? p->labels : top;
  const uint16_t mine = (uint16_t)(score[label] >= p->threshold[label] ? label + 1 : 0);

  vote[memory[TP_DETECT_AT]] = mine;
  memory[TP_DETECT_AT] = memory[TP_DETECT_AT] + 1 == p->window ? 0 : memory[TP_DETECT_AT] + 1;
  memory[TP_DETECT_RESULTS] += memory[TP_DETECT_RESULTS] < p->least_results ? 1 : 0;
  memory[TP_DETECT_SINCE] += memory[TP_DETECT_SINCE] < p->refractory ? 1 : 0;

  const int32_t enough = memory[TP_DETECT_RESULTS] >= p->least_results;
  const int32_t accepted = mine != 0 && enough && votes_for(mine, vote, p->window) >= p->votes ? 1 : 0;
  memory[TP_DETECT_LASTING] &= accepted && memory[TP_DETECT_LAST] == label + 1 ? 1 : 0;

  verdict[TP_VERDICT_INDEX] = strange ? -1 : top;
  verdict[TP_VERDICT_SCORE] = score[top];
  verdict[TP_VERDICT_ACCEPTED] = accepted;
  verdict[TP_VERDICT_NEW] = accepted ? detected(p, memory, label) : 0;
  if (p->novel) {
    verdict[TP_VERDICT_ANOMALY_SCORE] = score[p->labels];
    verdict[TP_VERDICT_ANOMALY] = accepted && strange ? 1 : 0;
  }
}
