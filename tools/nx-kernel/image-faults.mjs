// Reads the program headers of an image as llvm-readelf lists them, and says what protection they break:
// no segment may be both written and executed, and no two may share a page.

const SEGMENT =
  /^\s+LOAD\s+0x[0-9a-f]+ 0x([0-9a-f]+) 0x[0-9a-f]+ 0x[0-9a-f]+ 0x([0-9a-f]+) ([R ][W ][E ])/gm;
const PAGE = 4096n;

/** Each fault as one line; none when all is right. An image without segments is a fault too. */
export function imageFaults(headers) {
  const segments = [...headers.matchAll(SEGMENT)].map(([, start, bytes, flags]) => ({
    start: BigInt(`0x${start}`),
    bytes: BigInt(`0x${bytes}`),
    flags,
  }));
  const faults = [];
  if (segments.length === 0) faults.push('no segment is loaded');
  let pageBehind = -1n;
  for (const { start, bytes, flags } of segments) {
    const place = `the segment at 0x${start.toString(16)}`;
    if (flags.includes('W') && flags.includes('E'))
      faults.push(`${place} is both written and executed`);
    if (start / PAGE < pageBehind) faults.push(`${place} shares a page with the one before`);
    pageBehind = (start + bytes + PAGE - 1n) / PAGE;
  }
  return faults;
}

/** The functions of the architecture contract that keep floating point registers of tasks. */
const FLOAT_KEEPERS = new Set(['arch_switch', 'arch_enter_user']);
const FLOAT_REGISTER = /%[xyz]mm\d|[\s,{](?:[qds]\d{1,2}|v\d{1,2}\.\w+)\b/;

/** Functions of a kernel that use floating point registers, which are those of the program that it has
 * interrupted; read from what llvm-objdump disassembles. */
export function floatFaults(disassembly) {
  const found = new Set();
  let name;
  for (const line of disassembly.split('\n')) {
    name = /^[0-9a-f]+ <(.+)>:$/.exec(line)?.[1] ?? name;
    // Comments and names of targets are no registers; "$d" marks data between code.
    const instruction = line.replace(/\/\/.*|<.*/, '');
    if (FLOAT_REGISTER.test(instruction) && !FLOAT_KEEPERS.has(name) && !name?.startsWith('$d'))
      found.add(name);
  }
  return [...found].map((each) => `${each} uses floating point registers inside of the kernel`);
}
