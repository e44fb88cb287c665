// The first instructions of a further CPU: from real mode to the kernel's page tables and 64-bit C. The code
// is copied to SECOND_PAGE, below 1 MiB, where such a CPU begins; it only reads its own page.

#include "second-entry.h"

#define AT(label) (SECOND_PAGE + label - second_code)

  .section .rodata.second, "a", @progbits
  .global second_code, second_code_end, second_root, second_stack
  .balign 16
  .code16
second_code:
  cli
  cld
  movw %cs, %ax
  movw %ax, %ds
  lgdtl second_gdt_pointer - second_code
  movl %cr0, %eax
  orl $1, %eax
  movl %eax, %cr0
  ljmpl $24, $AT(second_protected)

  .code32
second_protected:
  movw $16, %ax
  movw %ax, %ds
  movw %ax, %es
  movw %ax, %ss
  movl $0x6a0, %eax // page size extensions off, PAE, global pages, SSE
  movl %eax, %cr4
  movl AT(second_root), %eax
  movl %eax, %cr3
  movl $0xc0000080, %ecx
  xorl %edx, %edx
  movl $0x901, %eax // long mode, no-execute, SYSCALL
  wrmsr
  movl $0x80010023, %eax // paging, write protection, native floating point errors
  movl %eax, %cr0
  ljmpl $8, $AT(second_long)

  .code64
second_long:
  movq AT(second_stack), %rsp
  xorl %ebp, %ebp
  fninit
  pushq $0
  movabsq $x86_second_start, %rax
  jmp *%rax

  .balign 8
second_gdt:
  .quad 0
  .quad 0x00af9b000000ffff // 8: code of 64 bits, as in the table that follows
  .quad 0x00cf93000000ffff // 16: data
  .quad 0x00cf9b000000ffff // 24: code of 32 bits
second_gdt_pointer:
  .word second_gdt_pointer - second_gdt - 1
  .long AT(second_gdt)
  .balign 8
second_root:
  .quad 0
second_stack:
  .quad 0
second_code_end:
