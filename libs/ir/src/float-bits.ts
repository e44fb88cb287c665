// IEEE 754 half precision, which JavaScript of Node 20 has no typed array for.

const view = new DataView(new ArrayBuffer(4));

/** The half-precision bits of a number that float32 holds exactly, or -1 where half precision would
 * lose something. Not for NaN. */
export function toHalfBits(value: number): number {
  view.setFloat32(0, value);
  const bits = view.getUint32(0);
  const sign = (bits >>> 16) & 0x8000;
  const biased = (bits >>> 23) & 0xff;
  const mantissa = bits & 0x7fffff;
  if (biased === 255) return sign | 0x7c00;
  if (biased === 0) return mantissa === 0 ? sign : -1;
  const exponent = biased - 127;
  if (exponent > 15 || exponent < -24) return -1;
  if (exponent >= -14) {
    return (mantissa & 0x1fff) === 0 ? sign | ((exponent + 15) << 10) | (mantissa >>> 13) : -1;
  }
  // Subnormal: the leading one becomes explicit and moves right.
  const shift = 13 + (-14 - exponent);
  const full = 0x800000 | mantissa;
  return (full & ((1 << shift) - 1)) === 0 ? sign | (full >>> shift) : -1;
}

/** The number that 16 bits of half precision stand for. */
export function fromHalfBits(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >>> 10) & 0x1f;
  const mantissa = bits & 0x3ff;
  if (exponent === 31) return mantissa === 0 ? sign * Infinity : NaN;
  if (exponent === 0) return sign * mantissa * 2 ** -24;
  return sign * (1 + mantissa / 1024) * 2 ** (exponent - 15);
}
