import { z } from 'zod';
import { parsed, ValueError } from '../yaml/index.ts';

/** Text that is not empty, on one line, for it stands in tables and headings. */
export const text = (description: string, examples: readonly string[]) =>
  z
    .string()
    .overwrite((written) => written.replaceAll(/\s+/g, ' ').trim())
    .min(1)
    .refine((written) => !written.includes('<!--'), 'must not hold a comment of HTML: "<!--"')
    .meta({ description, examples });

/** `2026-11-26` */
export const date = (description: string) =>
  parsed(
    'a date such as 2026-11-26',
    { type: 'string', pattern: String.raw`^\d{4}-\d{2}-\d{2}$`, description },
    (written) => {
      if (isDay(written)) return written;
      throw new ValueError({
        code: 'not-a-date',
        text: written,
        fault: 'is not a date',
        advice: 'use year, month and day, as in 2026-11-26',
      });
    },
  );

/** Whether it is a day of the calendar, as `2026-11-26`. */
export function isDay(written: string): boolean {
  const at = new Date(`${written}T00:00:00Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().slice(0, 10) === written;
}
