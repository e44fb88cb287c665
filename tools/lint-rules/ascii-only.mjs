// Code and comments are ASCII; text in strings and templates may be anything.
export const asciiOnly = {
  meta: {
    type: 'problem',
    docs: { description: 'identifiers and comments are ASCII' },
    messages: { found: 'Non-ASCII character U+{{point}} outside a string' },
    schema: [],
  },
  create(context) {
    const source = context.sourceCode;
    return {
      Program() {
        const tokens = source.ast.tokens.filter(
          (t) => !['String', 'Template', 'RegularExpression', 'JSXText'].includes(t.type),
        );
        for (const token of [...tokens, ...source.getAllComments()]) {
          const at = [...token.value].findIndex((c) => c.codePointAt(0) > 0x7e);
          if (at < 0) continue;
          const point = [...token.value][at].codePointAt(0).toString(16).padStart(4, '0');
          context.report({ loc: token.loc, messageId: 'found', data: { point } });
        }
      },
    };
  },
};
