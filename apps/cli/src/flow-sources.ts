// Where this command looks for FLOW arguments.
import type { FlowSources } from '@basalt/flow-loader';
import { exampleFile, exampleNames } from './example-catalogue.js';
import type { CommandIo } from './terminal/command-io.js';

export function flowSources(io: CommandIo): FlowSources {
  return {
    cwd: io.cwd,
    readStdin: () => io.readStdin(),
    shippedFile: (name) => exampleFile(io.installation, name),
    get shippedNames() {
      return exampleNames(io.installation);
    },
  };
}
