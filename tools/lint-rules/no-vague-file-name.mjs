// A file is named after its one concept, in kebab-case.
import { basename } from 'node:path';

const VAGUE = /^(utils?|helpers?|types|common|misc|shared)\.[cm]?[jt]sx?$/;
const KEBAB = /^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9-]+)*\.[cm]?[jt]sx?$/;

export const noVagueFileName = {
  meta: {
    type: 'problem',
    docs: { description: 'file names say what is inside' },
    messages: {
      vague: '"{{name}}" says nothing: name the file after its concept',
      kebab: '"{{name}}" is not kebab-case',
    },
    schema: [],
  },
  create(context) {
    return {
      Program(node) {
        const name = basename(context.filename);
        if (VAGUE.test(name)) context.report({ node, messageId: 'vague', data: { name } });
        else if (!KEBAB.test(name)) context.report({ node, messageId: 'kebab', data: { name } });
      },
    };
  },
};
