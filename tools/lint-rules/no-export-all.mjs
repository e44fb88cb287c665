// The public API is written by hand, name by name.
export const noExportAll = {
  meta: {
    type: 'problem',
    docs: { description: 'no `export *` and no default exports outside configuration files' },
    messages: {
      all: 'List the exported names instead of `export *`',
      byDefault: 'Use a named export',
    },
    schema: [],
  },
  create(context) {
    const isConfig = /(\.config\.m?js|jest\.preset\.js|reporter\.js|executor\.mjs)$/.test(
      context.filename,
    );
    return {
      ExportAllDeclaration(node) {
        context.report({ node, messageId: 'all' });
      },
      ExportDefaultDeclaration(node) {
        if (!isConfig) context.report({ node, messageId: 'byDefault' });
      },
    };
  },
};
