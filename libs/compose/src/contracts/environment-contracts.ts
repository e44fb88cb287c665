// lcod://contract/core/env/get@1 and runtime/info@1: what the host tells of itself.
import { homedir, tmpdir } from 'node:os';
import type { Component } from '../run/component.js';
import { ComposeError } from '../run/compose-error.js';
import { diagnostic } from '@basalt/diagnostics';
import { defineContract } from './define-contract.js';

const CORE = 'lcod://contract/core';
const ENV = `${CORE}/env/get@1`;

const getVariable = defineContract(ENV, (input, call) => {
  const { environment } = call.scope.run.host;
  const name = input.text('name');
  const found = Object.hasOwn(environment, name) ? environment[name] : undefined;
  if (found === undefined && input.flag('required', false)) {
    throw ComposeError.of(diagnostic.COMP117({ name }));
  }
  const value = found ?? input.optionalText('default') ?? null;
  const expands = input.flag('expand', false) && value !== null;
  return { value: expands ? expand(value, environment) : value, exists: found !== undefined };
});

/** `${X}` becomes the variable X; one that is not there becomes nothing. Values are not expanded again. */
function expand(text: string, environment: Readonly<Record<string, string>>): string {
  return text.replace(/\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g, (_, name: string) =>
    Object.hasOwn(environment, name) ? environment[name]! : '',
  );
}

const runtimeInfo = defineContract(`${CORE}/runtime/info@1`, (input, call) => ({
  cwd: call.scope.run.host.cwd,
  tmpDir: tmpdir(),
  homeDir: homedir(),
  ...(input.flag('includePlatform', true) ? { platform: process.platform } : {}),
  ...(input.flag('includePid', false) ? { pid: process.pid } : {}),
}));

export const ENVIRONMENT_CONTRACTS: readonly Component[] = [getVariable, runtimeInfo];
