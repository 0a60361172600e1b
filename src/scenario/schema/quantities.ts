import {
  parseDurationMs,
  parseDurationSeconds,
  parseRatePerSecond,
  parseShare,
  quantity,
  wholeNumber,
} from '../../yaml/index.ts';

export const rate = (description: string) =>
  quantity({
    noun: 'rate',
    parse: parseRatePerSecond,
    least: '0/s',
    most: '10_000_000/s',
    description,
    examples: ['1000/s', '90/min'],
  });

export const milliseconds = (most: string, description: string, example: string) =>
  quantity({
    noun: 'duration',
    parse: parseDurationMs,
    least: '0ms',
    most,
    description,
    examples: [example],
  });

export const seconds = (least: string, most: string, description: string, example: string) =>
  quantity({ noun: 'duration', parse: parseDurationSeconds, least, most, description, examples: [example] });

export const count = (most: number, description: string) =>
  wholeNumber({ least: 1, most, description, examples: [1] });

export const share = (description: string, example: string) =>
  quantity({ noun: 'share', parse: parseShare, least: '0%', most: '50%', description, examples: [example] });
