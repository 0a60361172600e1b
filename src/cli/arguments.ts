import { InvalidArgumentError } from 'commander';
import { nearest, parseDurationSeconds, ValueError } from '../yaml/index.ts';

/** `a,b , c` as a list of at least one. */
export function list(text: string): readonly string[] {
  const parts = text.split(',').flatMap((part) => part.trim() || []);
  if (parts.length > 0) return parts;
  throw new InvalidArgumentError('It must be one name or several, separated by commas.');
}

/** A parser of one or several of a few words, each once. */
export function listOf<Word extends string>(words: readonly Word[]): (text: string) => readonly Word[] {
  const one = oneOf(words);
  return (text) => [...new Set(list(text).map(one))];
}

/** A folder's path; an empty one is a variable that was not set, not this folder. */
export function folder(text: string): string {
  if (text.trim() !== '') return text;
  throw new InvalidArgumentError('It must be the path of a folder, and is empty.');
}

/** A parser of one of a few words. */
export function oneOf<Word extends string>(words: readonly Word[]): (text: string) => Word {
  return (text) => {
    const word = words.find((each) => each === text);
    if (word !== undefined) return word;
    const meant = nearest(text, words);
    const guess = meant === undefined ? '' : `\n(Did you mean ${meant}?)`;
    throw new InvalidArgumentError(`It must be one of ${words.join(', ')}.${guess}`);
  };
}

/** A parser of whole numbers from `min` to `max`. */
export function wholeNumber(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() !== '' && Number.isInteger(value) && value >= min && value <= max) return value;
    throw new InvalidArgumentError(`It must be a whole number from ${min} to ${max}.`);
  };
}

/** A parser of numbers from `min` to `max`. */
export function factor(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() !== '' && value >= min && value <= max) return value;
    throw new InvalidArgumentError(`It must be a number from ${min} to ${max}.`);
  };
}

/** A parser of percentages, with or without their sign, that yields a share: `5%` is 0.05. */
export function percent(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = Number(text.trim().replace(/\s*%$/, ''));
    if (text.trim() !== '' && value >= min && value <= max) return value / 100;
    throw new InvalidArgumentError(`It must be a percentage from ${min} to ${max}.`);
  };
}

/** A parser of durations of at least so many seconds, that yields seconds: `500ms` is 0.5. */
export function duration(leastSeconds: number): (text: string) => number {
  return (text) => {
    const seconds = secondsOf(text);
    if (seconds >= leastSeconds) return seconds;
    throw new InvalidArgumentError(`It must be at least ${leastSeconds}s.`);
  };
}

function secondsOf(text: string): number {
  try {
    return parseDurationSeconds(text);
  } catch (error) {
    if (error instanceof ValueError) throw new InvalidArgumentError(error.message);
    throw error;
  }
}
