// The first instructions: from the loader's state to 64-bit C on the boot stack. Two ways in:
// pvh_entry in 32-bit protected mode with ebx -> hvm_start_info (QEMU microvm and q35, Firecracker from
// 1.12 on, by the note below), and linux64_entry in long mode with rsi -> boot_params (the 64-bit Linux
// boot protocol; the ELF entry). The page tables made here map the first 4 GiB to themselves and protect
// nothing; page-tables.c replaces them.

#define CR0_PE (1 << 0)
#define CR0_MP (1 << 1)
#define CR0_NE (1 << 5)
#define CR0_WP (1 << 16)
#define CR0_PG (1 << 31)
#define CR4_PAE (1 << 5)
#define CR4_OSFXSR (1 << 9)
#define CR4_OSXMMEXCPT (1 << 10)
#define MSR_EFER 0xc0000080
#define EFER_SCE (1 << 0)
#define EFER_LME (1 << 8)
#define EFER_NXE (1 << 11)
#define PAGE_PRESENT 1
#define PAGE_WRITE 2
#define PAGE_LARGE 0x80

// Xen's PVH: name "Xen", type 18 (XEN_ELFNOTE_PHYS32_ENTRY). QEMU ignores the name, Firecracker does not.
  .section .note.pvh, "a", @note
  .balign 4
  .long 4, 4, 18
  .asciz "Xen"
  .long pvh_entry

  .section .text.boot, "ax", @progbits
  .code32
  .global pvh_entry
pvh_entry:
  cld
  movl $boot_stack_top, %esp
  movl %ebx, %ebp
  call make_boot_tables
  movl $boot_pml4, %eax
  movl %eax, %cr3
  movl $(CR4_PAE | CR4_OSFXSR | CR4_OSXMMEXCPT), %eax
  movl %eax, %cr4
  movl $MSR_EFER, %ecx
  xorl %edx, %edx
  movl $(EFER_SCE | EFER_LME | EFER_NXE), %eax
  wrmsr
  movl $(CR0_PE | CR0_MP | CR0_NE | CR0_WP | CR0_PG), %eax
  movl %eax, %cr0
  lgdt boot_gdt_pointer
  ljmp $8, $pvh_long_mode

// Three levels: one PML4, one PDPT, four page directories of 2 MiB pages.
make_boot_tables:
  movl $boot_pdpt + PAGE_PRESENT + PAGE_WRITE, boot_pml4
  movl $boot_directories + PAGE_PRESENT + PAGE_WRITE, %eax
  movl $boot_pdpt, %edi
  movl $4, %ecx
1:
  movl %eax, (%edi)
  addl $4096, %eax
  addl $8, %edi
  loop 1b
  movl $PAGE_PRESENT + PAGE_WRITE + PAGE_LARGE, %eax
  movl $boot_directories, %edi
  movl $2048, %ecx
1:
  movl %eax, (%edi)
  addl $0x200000, %eax
  addl $8, %edi
  loop 1b
  ret

  .code64
pvh_long_mode:
  movl %ebp, %esi
  xorl %edi, %edi
  jmp start_in_c

  .global linux64_entry
linux64_entry:
  cli
  cld
  movq $boot_stack_top, %rsp
  movq %rsi, %rbp
  lgdt boot_gdt_pointer
  pushq $8
  pushq $1f
  lretq
1:
  // The loader's tables map the first 1 GiB alone.
  call make_boot_tables_long
  movq $boot_pml4, %rax
  movq $(CR4_PAE | CR4_OSFXSR | CR4_OSXMMEXCPT), %rcx
  movq %rcx, %cr4
  movl $MSR_EFER, %ecx
  rdmsr
  orl $(EFER_SCE | EFER_NXE), %eax
  wrmsr
  movq $boot_pml4, %rax
  movq %rax, %cr3
  movq $(CR0_PE | CR0_MP | CR0_NE | CR0_WP | CR0_PG), %rax
  movq %rax, %cr0
  movq %rbp, %rsi
  movl $1, %edi
  jmp start_in_c

make_boot_tables_long:
  movq $boot_pdpt + PAGE_PRESENT + PAGE_WRITE, boot_pml4
  movq $boot_directories + PAGE_PRESENT + PAGE_WRITE, %rax
  movq $boot_pdpt, %rdi
  movl $4, %ecx
1:
  movq %rax, (%rdi)
  addq $4096, %rax
  addq $8, %rdi
  loop 1b
  movl $PAGE_PRESENT + PAGE_WRITE + PAGE_LARGE, %eax
  movq $boot_directories, %rdi
  movl $2048, %ecx
1:
  movq %rax, (%rdi)
  addq $0x200000, %rax
  addq $8, %rdi
  loop 1b
  ret

// edi: 0 PVH, 1 linux64; rsi: what the loader left.
start_in_c:
  movw $16, %ax
  movw %ax, %ds
  movw %ax, %es
  movw %ax, %ss
  xorl %eax, %eax
  movw %ax, %fs
  movw %ax, %gs
  movq $boot_stack_top, %rsp
  fninit
  xorl %ebp, %ebp
  pushq $0
  jmp x86_start

  .section .rodata.boot, "a", @progbits
  .balign 8
boot_gdt:
  .quad 0
  .quad 0x00af9b000000ffff // 8: code of 64 bits
  .quad 0x00cf93000000ffff // 16: data
boot_gdt_pointer:
  .word boot_gdt_pointer - boot_gdt - 1
  .quad boot_gdt

  .section .bss.boot, "aw", @nobits
  .balign 4096
boot_pml4:
  .skip 4096
boot_pdpt:
  .skip 4096
boot_directories:
  .skip 4 * 4096
