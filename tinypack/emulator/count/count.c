/* A QEMU plug-in that counts the instructions executed between two functions of the guest, exactly.
 *
 * Every instruction adds one to a counter, in generated code; only the markers call back. To add a block's length at its
 * beginning would be hardly faster, and wrong under -icount, which leaves blocks in the middle to reach a device.
 * The body of the first marker counts as nothing; an instruction that a condition skips counts as one.
 * Arguments: begin=ADDRESS, size=BYTES of the first marker, end=ADDRESS, out=FILE (one number a line).
 * The declarations restate what is used of the plug-in API, distributions ship no header: version 1 (QEMU 4 to 8), or
 * 2 (QEMU 9 and later), where a counter of each core replaces one for all.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

void qemu_plugin_register_vcpu_insn_exec_inline(struct qemu_plugin_insn *, enum qemu_plugin_op, void *, uint64_t);

static uint64_t counter;

static void make_counter(void) {
}

static void count(struct qemu_plugin_insn *instruction) {
  qemu_plugin_register_vcpu_insn_exec_inline(instruction, QEMU_PLUGIN_INLINE_ADD_U64, &counter, 1);
}

static uint64_t executed(void) {
  return counter;
}

#else

struct qemu_plugin_scoreboard;
typedef struct {
  struct qemu_plugin_scoreboard *score;
  size_t offset;
} qemu_plugin_u64;

struct qemu_plugin_scoreboard *qemu_plugin_scoreboard_new(size_t element_size);
void qemu_plugin_register_vcpu_insn_exec_inline_per_vcpu(
    struct qemu_plugin_insn *, enum qemu_plugin_op, qemu_plugin_u64, uint64_t);
uint64_t qemu_plugin_u64_sum(qemu_plugin_u64);

static qemu_plugin_u64 counter;

static void make_counter(void) {
  counter.score = qemu_plugin_scoreboard_new(sizeof(uint64_t));
}

static void count(struct qemu_plugin_insn *instruction) {
  qemu_plugin_register_vcpu_insn_exec_inline_per_vcpu(instruction, QEMU_PLUGIN_INLINE_ADD_U64, counter, 1);
}

static uint64_t executed(void) {
  return qemu_plugin_u64_sum(counter);
}

#endif

#define EXPORT __attribute__((visibility("default")))

EXPORT int qemu_plugin_version = INTERFACE;

static uint64_t begin, size, end;
static uint64_t start;
static int running;
static FILE *out;

static void at_begin(unsigned int cpu, void *data) {
  (void)cpu;
  (void)data;
  start = executed();
  running = 1;
}

static void at_end(unsigned int cpu, void *data) {
  (void)cpu;
  (void)data;
  if (running) {
    fprintf(out, "%llu\n", (unsigned long long)(executed() - start));
    fflush(out); /* QEMU may be killed later */
  }
  running = 0;
}

static void translated(qemu_plugin_id_t id, struct qemu_plugin_tb *block) {
  const size_t n = qemu_plugin_tb_n_insns(block);
  (void)id;
  for (size_t i = 0; i < n; i++) {
    struct qemu_plugin_insn *instruction = qemu_plugin_tb_get_insn(block, i);
    const uint64_t address = qemu_plugin_insn_vaddr(instruction);
    if (address == begin) {
      qemu_plugin_register_vcpu_insn_exec_cb(instruction, at_begin, QEMU_PLUGIN_CB_NO_REGS, NULL);
    } else if (address == end) {
      qemu_plugin_register_vcpu_insn_exec_cb(instruction, at_end, QEMU_PLUGIN_CB_NO_REGS, NULL);
    } else if (address < begin || address >= begin + size) {
      count(instruction);
    }
  }
}

static const char *argument(const char *name, int argc, char **argv) {
  const size_t n = strlen(name);
  for (int i = 0; i < argc; i++) {
    if (strncmp(argv[i], name, n) == 0 && argv[i][n] == '=') {
      return argv[i] + n + 1;
    }
  }
  return "";
}

EXPORT int qemu_plugin_install(qemu_plugin_id_t id, const qemu_info_t *info, int argc, char **argv) {
  (void)info;
  begin = strtoull(argument("begin", argc, argv), NULL, 0);
  size = strtoull(argument("size", argc, argv), NULL, 0);
  end = strtoull(argument("end", argc, argv), NULL, 0);
  out = fopen(argument("out", argc, argv), "w");
  if (out == NULL) {
    perror("the file of counts");
    return 1;
  }
  make_counter();
  qemu_plugin_register_vcpu_tb_trans_cb(id, translated);
  return 0;
}
