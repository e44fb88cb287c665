// The machines that kernels boot in, all of them QEMU's: which program, which arguments, and how its exit
// status tells the code that the guest powered off with.

/** Value that kernels/x86_64 gives to isa-debug-exit for code 0; QEMU's status is (value << 1) | 1. */
const DEBUG_EXIT_FIRST = 0x10;

const QUIET = ['-nodefaults', '-no-user-config', '-display', 'none', '-no-reboot'];
const MODERN_VIRTIO = ['-global', 'virtio-mmio.force-legacy=false'];

function debugExitCode(status) {
  if (status === null || status % 2 === 0) return undefined;
  const code = (status >> 1) - DEBUG_EXIT_FIRST;
  return code >= 0 && code < 64 ? code : undefined;
}

const pc = (...machine) => ({
  program: 'qemu-system-x86_64',
  package: 'qemu-system-x86',
  triple: 'x86_64-unknown-none-elf',
  file: 'elf',
  args: [...machine, ...QUIET, ...MODERN_VIRTIO, '-device', 'isa-debug-exit,iobase=0xf4,iosize=4'],
  codeOf: debugExitCode,
  programCounter: /\b[RE]IP=([0-9a-f]{8,16})/,
});

const virt = (options, cpu) => ({
  program: 'qemu-system-aarch64',
  package: 'qemu-system-arm',
  triple: 'aarch64-none-elf',
  file: 'bin',
  args: ['-M', `virt${options}`, '-cpu', cpu, '-semihosting', ...QUIET, ...MODERN_VIRTIO],
  codeOf: (status) => status ?? undefined,
  programCounter: /\bPC=([0-9a-f]{16})/,
});

/** By name. `file` is the form of image that the machine loads; `programCounter` finds it in what
 * QEMU's monitor says of the registers. */
export const MACHINES = {
  microvm: pc('-M', 'microvm,pit=off,pic=off,rtc=off,acpi=off'),
  q35: pc('-M', 'q35'),
  virt: virt('', 'cortex-a72'),
  // The other interrupt controller, the other exception level to begin at, a newer processor.
  'virt-gic3': virt(',gic-version=3', 'cortex-a72'),
  'virt-el2': virt(',gic-version=3,virtualization=on', 'max'),
};
