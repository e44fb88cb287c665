// Bytes as texts of an encoding.

export const ENCODINGS = ['utf-8', 'base64', 'hex'] as const;
export type ByteEncoding = (typeof ENCODINGS)[number];

export function encodeBytes(bytes: Uint8Array, encoding: ByteEncoding): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return buffer.toString(encoding === 'utf-8' ? 'utf8' : encoding);
}

/** Undefined where the text is not of the encoding. */
export function decodeText(text: string, encoding: ByteEncoding): Uint8Array | undefined {
  switch (encoding) {
    case 'utf-8':
      return new TextEncoder().encode(text);
    case 'hex':
      return /^(?:[0-9a-fA-F]{2})*$/.test(text) ? plain(Buffer.from(text, 'hex')) : undefined;
    case 'base64':
      return isBase64(text) ? plain(Buffer.from(text, 'base64')) : undefined;
  }
}

function isBase64(text: string): boolean {
  return /^[A-Za-z0-9+/_-]*={0,2}\s*$/.test(text) && text.replace(/[=\s]/g, '').length % 4 !== 1;
}

function plain(buffer: Buffer): Uint8Array {
  return new Uint8Array(buffer);
}
