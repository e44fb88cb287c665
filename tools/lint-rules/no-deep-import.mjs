// A library is reached through its public index only.
export const noDeepImport = {
  meta: {
    type: 'problem',
    docs: { description: 'import a library through its index' },
    messages: { deep: 'Import from "{{name}}": "{{path}}" reaches behind its public API' },
    schema: [],
  },
  create(context) {
    function check(node) {
      const path = node.source?.value;
      const match =
        typeof path === 'string' ? /^(@basalt\/[^/]+)\/(?!package\.json$)/.exec(path) : null;
      if (match) {
        context.report({ node: node.source, messageId: 'deep', data: { name: match[1], path } });
      }
    }
    return {
      ImportDeclaration: check,
      ImportExpression: check,
      ExportNamedDeclaration: check,
      ExportAllDeclaration: check,
    };
  },
};
