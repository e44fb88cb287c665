// An error of a compose as a finding, for those who ran it.
import { diagnostic, REGISTRY, type Diagnostic, type Location } from '@basalt/diagnostics';
import type { ComposeError } from './compose-error.js';

/** `locate` places a step of the compose `name`; steps of other composes are named in the details. */
export function errorFinding(
  error: ComposeError,
  name: string,
  locate: (pointer: string) => Location,
): Diagnostic {
  const { code, message, where } = error;
  const finding = Object.hasOwn(REGISTRY, code)
    ? known(code as keyof typeof REGISTRY, message)
    : diagnostic.COMP130({ code, message });
  const location = where?.compose === name ? locate(where.step) : undefined;
  return {
    ...finding,
    ...(location === undefined ? {} : { location }),
    details: { error: error.toValue() },
  };
}

function known(code: keyof typeof REGISTRY, message: string): Diagnostic {
  const { severity, subsystem, summary, fix } = REGISTRY[code];
  return { code, severity, subsystem, summary, message, help: fix };
}
