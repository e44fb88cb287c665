// A compose that is named on the command line.
import { DiagnosticError, isError, type Location } from '@basalt/diagnostics';
import {
  readCompose,
  type NormalisedCompose,
  type Project,
  type ReadCompose,
} from '@basalt/compose';
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
export async function requireCompose(
  file: string,
  io: CommandIo,
  project?: Project,
): Promise<ComposeArgument> {
  const { compose, diagnostics, locate } = await readComposeArgument(file, io, project);
  const [first, ...rest] = diagnostics;
  if (compose === undefined) throw new DiagnosticError([first!, ...rest]);
  printFindings(
    io,
    diagnostics.filter((finding) => !isError(finding)),
  );
  return { name: file, compose, locate };
}

/** In a project its relative ids are made whole. */
export async function readComposeArgument(
  file: string,
  io: CommandIo,
  project?: Project,
): Promise<ReadCompose> {
  const text = await readTextArgument(file, io);
  return project === undefined ? readCompose(text, file) : project.readCompose(text, file);
}
