/** What a person can mend: their input (exit code 2) or their environment (exit code 3). */
export interface UserErrorOptions {
  /** stable identifier, `room.what`: `scenario.unknown-key` */
  readonly code: string;
  /** 1: what was measured fails; 2: the input is wrong; 3: a broker or the environment is not usable; 4: inconclusive; 130: interrupted, with something to tell */
  readonly exitCode: 1 | 2 | 3 | 4 | 130;
  /** what to do about it, one line */
  readonly hint?: string;
  readonly cause?: unknown;
}

/**
 * An error with a message for the user: lower case, short, with the value and the place.
 * Every other error is a bug of ours and keeps its stack.
 */
export class UserError extends Error {
  readonly code: string;
  readonly exitCode: UserErrorOptions['exitCode'];
  readonly hint: string | undefined;

  constructor(message: string, options: UserErrorOptions) {
    super(message, { cause: options.cause });
    this.name = 'UserError';
    this.code = options.code;
    this.exitCode = options.exitCode;
    this.hint = options.hint;
  }
}
