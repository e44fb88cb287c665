// lcod://contract/core/path/*@1: paths as texts. Nothing here looks at the disk.
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Component } from '../run/component.js';
import { defineContract } from './define-contract.js';

const CORE = 'lcod://contract/core/path';

const dirnameContract = defineContract(`${CORE}/dirname@1`, (input) => ({
  dirname: dirname(input.text('path')),
}));

const isAbsoluteContract = defineContract(`${CORE}/is_absolute@1`, (input) => ({
  absolute: isAbsolute(input.text('path')),
}));

/** The address of a folder: it always ends with a slash. */
const toFileUrl = defineContract(`${CORE}/to_file_url@1`, (input, call) => {
  const { href } = pathToFileURL(resolve(call.scope.run.host.cwd, input.text('path')));
  return { url: href.endsWith('/') ? href : `${href}/` };
});

const joinAxiom = defineContract('lcod://axiom/path/join@1', (input) => ({
  path: join(input.text('base'), input.text('segment')),
}));

export const PATH_CONTRACTS: readonly Component[] = [
  dirnameContract,
  isAbsoluteContract,
  toFileUrl,
  joinAxiom,
];
