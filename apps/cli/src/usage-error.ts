// Wrong words on the command line: exit 2, with what to type instead.

export class UsageError extends Error {
  override readonly name = 'UsageError';
  readonly hint: string | undefined;

  constructor(message: string, hint?: string) {
    super(message);
    this.hint = hint;
  }
}

/** This machine lacks something: exit 3, with the command that installs it. */
export class EnvironmentError extends Error {
  override readonly name = 'EnvironmentError';
  readonly hint: string;

  constructor(message: string, hint: string, options?: ErrorOptions) {
    super(message, options);
    this.hint = hint;
  }
}
