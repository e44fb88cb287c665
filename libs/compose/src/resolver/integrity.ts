// Checksums of files: SHA-256, in hex or base64.
import { createHash } from 'node:crypto';

export function sha256Of(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}

/** `sha256-` and the digest in hex, as locks write it. */
export function integrityOf(data: string | Uint8Array): string {
  return `sha256-${sha256Of(data)}`;
}

/** The digest of a checksum in hex: `sha256-HEX`, `sha256-BASE64`, `sha256:HEX` or HEX. Undefined for any
 * other text. */
export function digestOf(checksum: string): string | undefined {
  const text = checksum.replace(/^sha256[-:]/, '');
  if (/^[0-9a-fA-F]{64}$/.test(text)) return text.toLowerCase();
  if (!/^[A-Za-z0-9+/]{43}=$/.test(text)) return undefined;
  return Buffer.from(text, 'base64').toString('hex');
}
