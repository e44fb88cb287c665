// JSON for people.
import type { ShownJson } from '../../viewer-protocol.js';

/** JSON with what is short on one line. */
export function jsonText(json: ShownJson, indent = ''): string {
  const short = JSON.stringify(json);
  if (typeof json !== 'object' || json === null || short.length + indent.length <= 60) {
    return short.length > 2 && typeof json === 'object' ? spaced(json) : short;
  }
  const inner = `${indent}  `;
  if (Array.isArray(json)) {
    const items = (json as readonly ShownJson[]).map((item) => inner + jsonText(item, inner));
    return `[\n${items.join(',\n')}\n${indent}]`;
  }
  const members = Object.entries(json as Readonly<Record<string, ShownJson>>).map(
    ([key, member]) => `${inner}${JSON.stringify(key)}: ${jsonText(member, inner)}`,
  );
  return `{\n${members.join(',\n')}\n${indent}}`;
}

function spaced(json: ShownJson): string {
  if (typeof json !== 'object' || json === null) return JSON.stringify(json);
  if (Array.isArray(json)) return `[${(json as readonly ShownJson[]).map(spaced).join(', ')}]`;
  const members = Object.entries(json as Readonly<Record<string, ShownJson>>);
  if (members.length === 0) return '{}';
  return `{ ${members.map(([key, one]) => `${JSON.stringify(key)}: ${spaced(one)}`).join(', ')} }`;
}
