// The payload of the command line: --payload JSON, or --payload-file FILE.
import { DiagnosticError, diagnostic } from '@basalt/diagnostics';
import type { Value } from '@basalt/ir';
import type { CommandIo } from './terminal/command-io.js';
import { readTextArgument } from './write-file.js';

export interface PayloadArgs {
  readonly payload?: string | undefined;
  readonly payloadFile?: string | undefined;
}

/** {} where none is given. @throws DiagnosticError CLI005 for text that is no JSON, CLI007 for a file
 * that cannot be read. */
export async function readPayload(args: PayloadArgs, io: CommandIo): Promise<Value> {
  if (args.payloadFile !== undefined) {
    const source = args.payloadFile === '-' ? 'stdin' : args.payloadFile;
    return parsePayload(await readTextArgument(args.payloadFile, io), source);
  }
  return parsePayload(args.payload ?? '{}', '--payload');
}

function parsePayload(text: string, source: string): Value {
  try {
    return JSON.parse(text) as Value;
  } catch (error) {
    const { message } = error as Error;
    throw new DiagnosticError([diagnostic.CLI005({ source, reason: message })], { cause: error });
  }
}
