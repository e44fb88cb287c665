// Loads the text of a flow module as the command line loads a file.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadFlowArgument } from '@basalt/flow-loader';
import { withFolder } from './with-folder.js';

/** Writes the text to flow.ts in a new folder, where it loads `argument`. */
export function loadModuleText(argument: string, text: string): Promise<unknown> {
  return withFolder(async (cwd) => {
    await writeFile(join(cwd, 'flow.ts'), text);
    return loadFlowArgument(argument, {
      cwd,
      readStdin: () => Promise.resolve(new Uint8Array()),
      shippedFile: () => undefined,
      shippedNames: [],
    });
  });
}
