// Names addresses by the symbols of an image, as llvm-nm --numeric-sort lists them.

/** A function that names an address: `symbol+0x12`, or undefined for one outside of all functions. */
export function symbolizer(symbols) {
  const entries = [...symbols.matchAll(/^([0-9a-f]+) ([A-Za-z]) (\S+)$/gm)].map(
    ([, address, type, name]) => ({ address: BigInt(`0x${address}`), type, name }),
  );
  return (address) => {
    const before = entries.filter((entry) => entry.address <= address).at(-1);
    const isCode = before !== undefined && /^[TtWw]$/.test(before.type);
    if (!isCode || before.name.endsWith('_end')) return undefined;
    const offset = address - before.address;
    return offset === 0n ? before.name : `${before.name}+0x${offset.toString(16)}`;
  };
}

/** The text with a name behind each address of a backtrace and behind each program counter, where one is
 * known: by the symbols of the kernel first, then by those of the workload. */
export function withNames(text, symbolizers) {
  return text.replace(/(\bat 0x|\brip=|\belr=|\bpc=)([0-9a-f]{16})\b/g, (whole, _what, digits) => {
    const address = BigInt(`0x${digits}`);
    const names = symbolizers.map((name) => name(address)).filter((name) => name !== undefined);
    return names.length > 0 ? `${whole} <${names[0]}>` : whole;
  });
}
