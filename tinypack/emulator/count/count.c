/* A QEMU plug-in that counts the instructions executed between two functions of the guest, exactly.
 *
 * Every instruction adds one to a counter, in generated code; only the markers call back. To add a block's length at its
 * beginning would be hardly faster, and wrong under -icount, which leaves blocks in the middle to reach a device.
 * The body of the first marker counts as nothing; an instruction that a condition skips counts as one.
 * Arguments: begin=ADDRESS, size=BYTES of the first marker, end=ADDRESS, out=FILE (one number a line).
 * The declarations restate what is used of the plug-in API, version 1 (QEMU 7); distributions ship no header.
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
void qemu_plugin_register_vcpu_insn_exec_inline(struct qemu_plugin_insn *, enum qemu_plugin_op, void *, uint64_t);
void qemu_plugin_register_vcpu_insn_exec_cb(struct qemu_plugin_insn *, executed_t, enum qemu_plugin_cb_flags, void *);

#define EXPORT __attribute__((visibility("default")))

EXPORT int qemu_plugin_version = 1;

static uint64_t begin, size, end;
static uint64_t executed;
static uint64_t start;
static int running;
static FILE *out;

static void at_begin(unsigned int cpu, void *data) {
  (void)cpu;
  (void)data;
  start = executed;
  running = 1;
}

static void at_end(unsigned int cpu, void *data) {
  (void)cpu;
  (void)data;
  if (running) {
    fprintf(out, "%llu\n", (unsigned long long)(executed - start));
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
      qemu_plugin_register_vcpu_insn_exec_inline(instruction, QEMU_PLUGIN_INLINE_ADD_U64, &executed, 1);
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
  qemu_plugin_register_vcpu_tb_trans_cb(id, translated);
  return 0;
}
