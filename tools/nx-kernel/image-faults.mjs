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
