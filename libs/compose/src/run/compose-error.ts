// What goes wrong in a compose, as its `catch` slots see it: a code, a message, data, a cause and the step.
import { types } from 'node:util';
import { DiagnosticError, type Diagnostic } from '@basalt/diagnostics';
import type { Value } from '@basalt/ir';
import type { State } from './state.js';

/** The step that failed. */
export interface ErrorPlace {
  /** File of the compose, or id of the component. */
  readonly compose: string;
  /** RFC 6901 pointer to the step. */
  readonly step: string;
  readonly call: string;
}

/** Code of an error that has none of its own. */
export const UNEXPECTED = 'unexpected_error';

export class ComposeError extends Error {
  override readonly name = 'ComposeError';
  /** Set by the innermost step that the error leaves. */
  where: ErrorPlace | undefined;

  constructor(
    readonly code: string,
    message: string,
    readonly data?: Value,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }

  /** The error whose code and message are those of a finding. */
  static of(finding: Diagnostic, data?: Value): ComposeError {
    return new ComposeError(finding.code, finding.message, data);
  }

  /** Any thrown thing as an error of a compose. Text of what is no error of ours stays in the message. */
  static from(thrown: unknown): ComposeError {
    if (thrown instanceof ComposeError) return thrown;
    if (thrown instanceof DiagnosticError) {
      const { code, message } = thrown.diagnostic;
      return new ComposeError(code, message, undefined, { cause: thrown });
    }
    if (!isError(thrown)) return new ComposeError(UNEXPECTED, String(thrown));
    const code = (thrown as { readonly code?: unknown }).code;
    return new ComposeError(
      typeof code === 'string' ? code : UNEXPECTED,
      thrown.message,
      undefined,
      {
        cause: isError(thrown.cause) ? thrown.cause : undefined,
      },
    );
  }

  /** The value that `catch` gets as `$slot.error`. */
  toValue(): State {
    const cause = isError(this.cause) ? ComposeError.from(this.cause) : undefined;
    return {
      code: this.code,
      message: this.message,
      ...(this.data === undefined ? {} : { data: this.data }),
      ...(cause === undefined || cause.message === this.message ? {} : { cause: cause.toValue() }),
      ...(this.where === undefined ? {} : { where: { ...this.where } }),
    };
  }
}

/** Errors of this realm and of others. */
function isError(thrown: unknown): thrown is Error {
  return thrown instanceof Error || types.isNativeError(thrown);
}

/** Thrown by break and continue: leaves slots until the loop around them. Not an error, and kept without a
 * stack because loops throw many. */
export class LoopSignal {
  private constructor(readonly kind: 'break' | 'continue') {}
  static readonly BREAK = new LoopSignal('break');
  static readonly CONTINUE = new LoopSignal('continue');
}
