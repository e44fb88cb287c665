// A compose that is named on the command line.
import { DiagnosticError, isError, type Location } from '@basalt/diagnostics';
import { readCompose, type NormalisedCompose, type ReadCompose } from '@basalt/compose';
import type { CommandIo } from '../terminal/command-io.js';
import { printFindings } from '../terminal/print-findings.js';
import { readTextArgument } from '../write-file.js';

export interface ComposeArgument {
  /** The file, as it was named. */
  readonly name: string;
  readonly compose: NormalisedCompose;
  readonly locate: (pointer: string) => Location;
}

/** Reads it; findings that are no errors are printed. Throws what is wrong with it. */
export async function requireCompose(file: string, io: CommandIo): Promise<ComposeArgument> {
  const { compose, diagnostics, locate } = await readComposeArgument(file, io);
  const [first, ...rest] = diagnostics;
  if (compose === undefined) throw new DiagnosticError([first!, ...rest]);
  printFindings(
    io,
    diagnostics.filter((finding) => !isError(finding)),
  );
  return { name: file, compose, locate };
}

export async function readComposeArgument(file: string, io: CommandIo): Promise<ReadCompose> {
  return readCompose(await readTextArgument(file, io), file);
}
