import { InvalidArgumentError } from 'commander';

/** `a,b , c` as a list. */
export function list(text: string): readonly string[] {
  return text.split(',').flatMap((part) => part.trim() || []);
}

/** A parser of whole numbers from `min` to `max`. */
export function wholeNumber(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() !== '' && Number.isInteger(value) && value >= min && value <= max) return value;
    throw new InvalidArgumentError(`It must be a whole number from ${min} to ${max}.`);
  };
}
