// Texts of diagnostics are Markdown of which one thing matters here: words of code between backticks.

export interface TextPart {
  readonly text: string;
  readonly isCode: boolean;
}

/** The parts of a text, in their order. A backtick without its pair is text. */
export function codeParts(text: string): readonly TextPart[] {
  return text
    .split(/(`[^`]+`)/)
    .filter((part) => part !== '')
    .map((part) =>
      part.length > 2 && part.startsWith('`') && part.endsWith('`')
        ? { text: part.slice(1, -1), isCode: true }
        : { text: part, isCode: false },
    );
}
