// What a call that changes the world is done to, and what it says.
import type { HttpRequest } from '@basalt/capabilities';
import { hashValue, type Value } from '@basalt/ir';
import type { WorldCall } from './effect-call.js';

/** What identifies an effect. */
export interface EffectContent {
  readonly target: string;
  readonly content: string;
  readonly preview: string;
  readonly carriesKey: boolean;
}

const PREVIEW = 160;

/** @param call one of a handler. */
export function contentOf({ capability, operation, args, origin }: WorldCall): EffectContent {
  const key = origin?.key;
  const isHttp = capability === 'httpRead' || capability === 'httpWrite';
  const parts = isHttp ? requestParts(args[0] as HttpRequest) : storeParts(args);
  const all = [operation, parts.target, ...parts.says];
  return {
    target: parts.target,
    content: hashValue(all),
    preview: printable(parts.says.map(textOf).join(' ')).slice(0, PREVIEW),
    carriesKey: key !== undefined && all.some((part) => textOf(part).includes(key)),
  };
}

interface Parts {
  readonly target: string;
  readonly says: readonly (string | Uint8Array)[];
}

function storeParts([name, value]: readonly unknown[]): Parts {
  return { target: String(name), says: value instanceof Uint8Array ? [value] : [] };
}

function requestParts({ method, url, headers = {}, body }: HttpRequest): Parts {
  const lines = Object.entries(headers).map(([name, text]) => `${name.toLowerCase()}: ${text}`);
  return {
    target: `${method.toUpperCase()} ${url}`,
    says: [...lines.sort(), ...(body === undefined ? [] : [body])],
  };
}

function textOf(part: Value): string {
  return typeof part === 'string' ? part : new TextDecoder().decode(part as Uint8Array);
}

/** Without what would disturb a terminal. */
function printable(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, '?');
}
