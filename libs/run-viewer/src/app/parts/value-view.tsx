// A value as JSON, with colours, and a button that copies it.
import { useMemo, useState } from 'preact/hooks';
import type { ShownValue } from '../../viewer-protocol.js';
import { jsonText } from './json-text.js';

export interface ValueViewProps {
  readonly label: string;
  readonly value: ShownValue;
}

export function ValueView({ label, value }: ValueViewProps) {
  const text = useMemo(() => jsonText(value.json), [value]);
  return (
    <figure class="value">
      <figcaption>
        <span>{label}</span>
        {value.cut && <span class="tag">beginning only</span>}
        <CopyButton text={text} label={`Copy ${label.toLowerCase()}`} />
      </figcaption>
      <pre tabIndex={0} aria-label={label}>
        <code>{coloured(text)}</code>
      </pre>
    </figure>
  );
}

function CopyButton({ text, label }: { text: string; label: string }) {
  const [isDone, setDone] = useState(false);
  const onClick = () => {
    void navigator.clipboard?.writeText(text).then(() => {
      setDone(true);
      setTimeout(() => setDone(false), 1500);
    });
  };
  return (
    <button type="button" class="link small" onClick={onClick} aria-label={label}>
      {isDone ? 'Copied' : 'Copy'}
    </button>
  );
}

const TOKEN = /("(?:[^"\\]|\\.)*")(\s*:)?|\b(true|false|null)\b|-?\d+(?:\.\d+)?(?:e[+-]?\d+)?/gi;

function coloured(text: string) {
  const parts = [];
  let at = 0;
  for (const match of text.matchAll(TOKEN)) {
    if (match.index > at) parts.push(text.slice(at, match.index));
    const [all, quoted, colon, word] = match;
    const name =
      quoted === undefined ? (word === undefined ? 'n' : 'w') : colon === undefined ? 's' : 'k';
    parts.push(<span class={`json-${name}`}>{quoted ?? all}</span>);
    if (colon !== undefined) parts.push(colon);
    at = match.index + all.length;
  }
  parts.push(text.slice(at));
  return parts;
}
