/* Caches for data and for instructions: any line lies anywhere, and the one that was used longest ago makes room. */
#include "flash.h"

#include <string.h>

#define MOST_LINES 4096u
#define ALL_ACCESSES 3 /* QEMU 7.2 hands out no loads if only loads are asked for */

typedef uint32_t qemu_plugin_meminfo_t;
typedef void (*accessed_t)(unsigned int cpu, qemu_plugin_meminfo_t, uint64_t address, void *data);

void qemu_plugin_register_vcpu_mem_cb(
    struct qemu_plugin_insn *, accessed_t, enum qemu_plugin_cb_flags, int accesses, void *);
int qemu_plugin_mem_is_store(qemu_plugin_meminfo_t);
size_t qemu_plugin_insn_size(const struct qemu_plugin_insn *);

typedef struct {
  uint64_t lines[MOST_LINES]; /* the one used last comes first */
  size_t used;
  size_t most;
} cache_t;

static flash_t flash;
static cache_t data, code;

void flash_is(flash_t there) {
  flash = there;
  data.most = there.data_lines < MOST_LINES ? (size_t)there.data_lines : MOST_LINES;
  code.most = there.code_lines < MOST_LINES ? (size_t)there.code_lines : MOST_LINES;
}

int flash_watched(void) {
  return flash.line_bytes != 0;
}

static int misses(cache_t *cache, uint64_t address) {
  const uint64_t line = address / flash.line_bytes;
  size_t at = 0;
  if (address - flash.origin >= flash.bytes) {
    return 0;
  }
  while (at < cache->used && cache->lines[at] != line) {
    at++;
  }
  const int absent = at == cache->used;
  if (cache->most == 0) {
    return 1;
  }
  if (absent && cache->used < cache->most) {
    cache->used++;
  } else if (absent) {
    at--;
  }
  memmove(cache->lines + 1, cache->lines, at * sizeof *cache->lines);
  cache->lines[0] = line;
  return absent;
}

static void accessed(unsigned int cpu, qemu_plugin_meminfo_t info, uint64_t address, void *user) {
  flash_use_t *use = user;
  (void)cpu;
  if (!qemu_plugin_mem_is_store(info) && address - flash.origin < flash.bytes) {
    use->reads++;
    use->data_lines += (uint64_t)misses(&data, address);
  }
}

static void fetched(unsigned int cpu, void *user) {
  flash_use_t *use = user;
  const uint64_t last = use->address + use->size - 1;
  (void)cpu;
  use->code_lines += (uint64_t)misses(&code, use->address);
  if (last / flash.line_bytes != use->address / flash.line_bytes) {
    use->code_lines += (uint64_t)misses(&code, last);
  }
}

void flash_watch(struct qemu_plugin_insn *instruction, flash_use_t *use) {
  use->address = qemu_plugin_insn_vaddr(instruction);
  use->size = qemu_plugin_insn_size(instruction);
  qemu_plugin_register_vcpu_insn_exec_cb(instruction, fetched, QEMU_PLUGIN_CB_NO_REGS, use);
  qemu_plugin_register_vcpu_mem_cb(instruction, accessed, QEMU_PLUGIN_CB_NO_REGS, ALL_ACCESSES, use);
}
