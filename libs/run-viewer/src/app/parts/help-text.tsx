// How a finding can be mended.
import { codeParts } from './code-parts.js';

export function HelpText({ text }: { readonly text: string }) {
  return (
    <p class="hint">
      {codeParts(text).map((part, i) =>
        part.isCode ? <code key={i}>{part.text}</code> : part.text,
      )}
    </p>
  );
}
