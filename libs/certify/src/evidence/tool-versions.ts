// Which programs a certificate was made with.
import { arch, platform, release } from 'node:os';

/** @param more such as the version of the command */
export function toolVersions(
  more: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> {
  return {
    ...more,
    node: process.versions.node,
    system: `${platform()} ${release()} ${arch()}`,
  };
}
