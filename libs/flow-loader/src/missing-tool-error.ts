// This machine lacks something that a part needs.

/** `hint` is the command that installs it. */
export class MissingToolError extends Error {
  override readonly name = 'MissingToolError';
  readonly hint: string;

  constructor(message: string, hint: string, options?: ErrorOptions) {
    super(message, options);
    this.hint = hint;
  }
}
