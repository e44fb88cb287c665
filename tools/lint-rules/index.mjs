// The workspace's own lint rules: what our style asks for and no library checks.
import { asciiOnly } from './ascii-only.mjs';
import { noDeepImport } from './no-deep-import.mjs';
import { noExportAll } from './no-export-all.mjs';
import { noVagueFileName } from './no-vague-file-name.mjs';

export const localRules = {
  meta: { name: 'basalt-local-rules' },
  rules: {
    'ascii-only': asciiOnly,
    'no-deep-import': noDeepImport,
    'no-export-all': noExportAll,
    'no-vague-file-name': noVagueFileName,
  },
};
