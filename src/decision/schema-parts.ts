import { z } from 'zod';
import { parsed, ValueError } from '../yaml/index.ts';

/** Text that is not empty. */
export const text = (description: string, examples: readonly string[]) =>
  z.string().trim().min(1).meta({ description, examples });

/** `2026-11-26` */
export const date = (description: string) =>
  parsed(
    'a date such as 2026-11-26',
    { type: 'string', pattern: String.raw`^\d{4}-\d{2}-\d{2}$`, description },
    (written) => {
      const at = new Date(`${written}T00:00:00Z`);
      if (/^\d{4}-\d{2}-\d{2}$/.test(written) && !Number.isNaN(at.getTime())) return written;
      throw new ValueError({
        code: 'not-a-date',
        text: written,
        fault: 'is not a date',
        advice: 'use year, month and day, as in 2026-11-26',
      });
    },
  );
