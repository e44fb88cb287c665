// Loads a static ELF64 program: each segment is mapped with what its header allows, none both
// written and executed. Every number of the file is checked before it is used (System V ABI,
// chapter 4 and 5).
#include "workload.h"

#include "user-memory.h"

struct elf_header {
  uint8_t magic[4];
  uint8_t width, order, version, system, padding[8];
  uint16_t kind, machine;
  uint32_t version2;
  uint64_t entry, program_headers, section_headers;
  uint32_t flags;
  uint16_t header_bytes, program_header_bytes, program_header_count, unused[3];
};

struct elf_segment {
  uint32_t kind, flags;
  uint64_t offset, address, physical, file_bytes, memory_bytes, alignment;
};

enum { ELF_64 = 2, ELF_LITTLE = 1, ELF_EXECUTABLE = 2, SEGMENT_LOAD = 1 };
enum { SEGMENT_EXECUTE = 1, SEGMENT_WRITE = 2, SEGMENT_READ = 4 };

static unsigned segment_access(const struct elf_segment *segment) {
  return ACCESS_READ | ((segment->flags & SEGMENT_WRITE) != 0 ? ACCESS_WRITE : 0u) |
         ((segment->flags & SEGMENT_EXECUTE) != 0 ? ACCESS_EXECUTE : 0u);
}

static const char *segment_fault(const struct elf_segment *segment, uint64_t bytes) {
  if (segment->offset > bytes || segment->file_bytes > bytes - segment->offset)
    return "a segment lies outside of the file";
  if (segment->file_bytes > segment->memory_bytes)
    return "a segment is larger in the file than in memory";
  if (segment->address < arch_user_start || segment->address >= arch_user_end ||
      segment->memory_bytes > arch_user_end - segment->address)
    return "a segment lies outside of user addresses";
  if ((segment->flags & SEGMENT_WRITE) != 0 && (segment->flags & SEGMENT_EXECUTE) != 0)
    return "a segment is both written and executed";
  return NULL;
}

/** Copies into pages that the program itself may only read. */
static void fill(const struct process *process, vaddr to, const uint8_t *from, uint64_t bytes) {
  size_t part;
  for (; bytes > 0; bytes -= part, to += part, from += part)
    __builtin_memcpy(user_part(process, to, bytes, ACCESS_READ, &part), from, part);
}

static bs_status map_segment(struct process *process, const struct elf_segment *segment,
                             const uint8_t *image, const char **why) {
  vaddr start = segment->address & ~(vaddr)(PAGE_BYTES - 1), mapped;
  uint64_t span = segment->address - start + segment->memory_bytes;
  bs_status status = process_map(process, start, (span + PAGE_BYTES - 1) / PAGE_BYTES,
                                 segment_access(segment), false, &mapped);
  if (status == BS_INVALID) *why = "two segments share a page";
  if (status == BS_OK)
    fill(process, segment->address, image + segment->offset, segment->file_bytes);
  return status == BS_INVALID ? BS_CORRUPT : status;
}

static const char *header_fault(const struct elf_header *header, uint64_t bytes) {
  static const uint8_t magic[4] = {0x7f, 'E', 'L', 'F'};
  if (bytes < sizeof(*header) || __builtin_memcmp(header->magic, magic, sizeof(magic)) != 0)
    return "it is no ELF file";
  if (header->width != ELF_64 || header->order != ELF_LITTLE || header->kind != ELF_EXECUTABLE)
    return "it is no static program of 64 bits";
  if (header->machine != arch_elf_machine) return "it is for another processor";
  if (header->program_header_bytes != sizeof(struct elf_segment) ||
      header->program_headers > bytes || header->program_headers % sizeof(uint64_t) != 0 ||
      header->program_header_count * sizeof(struct elf_segment) > bytes - header->program_headers)
    return "its program headers lie outside of the file";
  return NULL;
}

static bs_status map_image(struct process *process, const uint8_t *image, uint64_t bytes,
                           const char **why) {
  const struct elf_header *header = (const struct elf_header *)image;
  *why = header_fault(header, bytes);
  if (*why != NULL) return BS_CORRUPT;
  const struct elf_segment *segments =
      (const struct elf_segment *)(image + header->program_headers);
  for (unsigned i = 0; i < header->program_header_count; i++) {
    if (segments[i].kind != SEGMENT_LOAD || segments[i].memory_bytes == 0) continue;
    *why = segment_fault(&segments[i], bytes);
    if (*why != NULL) return BS_CORRUPT;
    bs_status status = map_segment(process, &segments[i], image, why);
    if (status != BS_OK) return status;
  }
  if (user_may(process, header->entry, 1, ACCESS_EXECUTE)) return BS_OK;
  *why = "its entry is not in a segment that is executed";
  return BS_CORRUPT;
}

bs_status workload_start(const uint8_t *image, uint64_t bytes, uint32_t policy, const char **why) {
  struct process *process;
  *why = "no memory is left";
  bs_status status = process_create(policy, &process);
  if (status != BS_OK) return status;
  status = map_image(process, image, bytes, why);
  if (status == BS_OK) {
    struct task_start start = {
        .process = process,
        .entry = ((const struct elf_header *)image)->entry,
        .priority = PRIORITY_FIRST,
        .allowed = policy,
    };
    *why = "no memory is left";
    status = task_create(&start, &process->first);
    if (status == BS_OK) task_release(process->first);
  }
  process_release(process);
  return status;
}
