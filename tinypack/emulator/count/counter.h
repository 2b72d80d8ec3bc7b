/* What is used of QEMU's plug-in API, restated because distributions ship no header; and counters that generated code
 * adds to. INTERFACE is the API's version: 1 (QEMU 4 to 8), or 2 (QEMU 9 and later), where a counter of each core
 * replaces one for all.
 */
#ifndef TINYPACK_COUNTER_H
#define TINYPACK_COUNTER_H

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

typedef uint64_t qemu_plugin_id_t;
typedef struct qemu_info_t qemu_info_t;
struct qemu_plugin_tb;
struct qemu_plugin_insn;
enum qemu_plugin_op { QEMU_PLUGIN_INLINE_ADD_U64 };
enum qemu_plugin_cb_flags { QEMU_PLUGIN_CB_NO_REGS };
typedef void (*translated_t)(qemu_plugin_id_t, struct qemu_plugin_tb *);
typedef void (*executed_t)(unsigned int cpu, void *data);

void qemu_plugin_register_vcpu_tb_trans_cb(qemu_plugin_id_t, translated_t);
size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *);
struct qemu_plugin_insn *qemu_plugin_tb_get_insn(const struct qemu_plugin_tb *, size_t);
uint64_t qemu_plugin_insn_vaddr(const struct qemu_plugin_insn *);
void qemu_plugin_register_vcpu_insn_exec_cb(struct qemu_plugin_insn *, executed_t, enum qemu_plugin_cb_flags, void *);

#if INTERFACE == 1

typedef uint64_t *counter_t;

void qemu_plugin_register_vcpu_insn_exec_inline(struct qemu_plugin_insn *, enum qemu_plugin_op, void *, uint64_t);

static inline counter_t make_counter(void) {
  return calloc(1, sizeof(uint64_t));
}

static inline void count(struct qemu_plugin_insn *instruction, counter_t counter) {
  qemu_plugin_register_vcpu_insn_exec_inline(instruction, QEMU_PLUGIN_INLINE_ADD_U64, counter, 1);
}

static inline uint64_t counted(counter_t counter) {
  return *counter;
}

#else

struct qemu_plugin_scoreboard;
typedef struct {
  struct qemu_plugin_scoreboard *score;
  size_t offset;
} qemu_plugin_u64;
typedef qemu_plugin_u64 counter_t;

struct qemu_plugin_scoreboard *qemu_plugin_scoreboard_new(size_t element_size);
void qemu_plugin_register_vcpu_insn_exec_inline_per_vcpu(
    struct qemu_plugin_insn *, enum qemu_plugin_op, qemu_plugin_u64, uint64_t);
uint64_t qemu_plugin_u64_sum(qemu_plugin_u64);

static inline counter_t make_counter(void) {
  const counter_t counter = {qemu_plugin_scoreboard_new(sizeof(uint64_t)), 0};
  return counter;
}

static inline void count(struct qemu_plugin_insn *instruction, counter_t counter) {
  qemu_plugin_register_vcpu_insn_exec_inline_per_vcpu(instruction, QEMU_PLUGIN_INLINE_ADD_U64, counter, 1);
}

static inline uint64_t counted(counter_t counter) {
  return qemu_plugin_u64_sum(counter);
}

#endif

#endif
