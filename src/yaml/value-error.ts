import { UserError } from '../user-error.ts';
import { quote } from './quote.ts';

export interface ValueFault {
  /** the second half of a code: `unknown-unit` */
  readonly code: string;
  /** the value as the user wrote it */
  readonly text: string;
  /** what is wrong: `has the unknown unit "parsecs"` */
  readonly fault: string;
  /** what is allowed, with an example. Never holds a part of the value, which may be a secret. */
  readonly advice: string;
  /** where in the text the fault is, when it is about a part of it and names that part */
  readonly offset?: number;
}

/**
 * A value that cannot be understood, thrown by whoever parses it and does not know where it stood: a flag
 * shows the message as it is, a document puts file, line and column before it.
 */
export class ValueError extends UserError {
  readonly fault: ValueFault;

  constructor(fault: ValueFault) {
    const separator = fault.offset === undefined ? ' ' : ': ';
    super(`${quote(fault.text)}${separator}${fault.fault}; ${fault.advice}`, {
      code: `value.${fault.code}`,
      exitCode: 2,
    });
    this.name = 'ValueError';
    this.fault = fault;
  }
}
