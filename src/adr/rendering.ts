import { REGIONS } from '../decision/index.ts';
import { UserError } from '../user-error.ts';
import { flipOf, otherThanChosen } from './appraisal.ts';
import { padded, withFrontMatter } from './heading.ts';
import { basisOf, renderBasis } from './basis.ts';
import type { AdrFile } from './folder.ts';
import { statusOf } from './standing.ts';
import { fillRegions, readRegions, sumOf } from './regions.ts';

export interface RenderOptions {
  /** whether an accepted ADR may be renewed, which adds a dated line to it */
  readonly amend: 'amend' | 'refuse';
  /** ISO date */
  readonly today: string;
}

/**
 * The text of an ADR with its regions as they should be now, and the rest of it as it is.
 * @throws UserError (exit code 2) for one that rests on no decision file or has no region; (exit code 1's business is
 * `adr check`) for one that was accepted, or edited by hand, or whose choice no longer stands
 */
export async function renderAdr(adr: AdrFile, { amend, today }: RenderOptions): Promise<string> {
  const basis = basisOf(adr);
  const regions = readRegions(adr.text, adr.path, Object.keys(REGIONS));
  if (basis === undefined || regions.length === 0) {
    throw refusal(adr, 'has nothing that mqbench writes', 'adr new writes one that has');
  }
  const status = statusOf(adr);
  const edited = regions.find(({ sum, content }) => sum !== undefined && sum !== sumOf(content));
  if (edited !== undefined) {
    throw refusal(
      adr,
      `the region ${edited.name} in line ${edited.line} was edited by hand, which rendering would undo`,
      'move what was written out of the region, and delete the hash of its end: <!-- mqbench:end NAME -->',
    );
  }
  const rendering = await renderBasis(basis, adr.path);
  const other = otherThanChosen(adr.text, basis.chosen, rendering);
  if (other !== undefined)
    throw refusal(adr, other, 'mend one of the two: a choice is made by people, not by rendering');
  const fresh = fillRegions(adr.text, rendering.contents, rendering.inputs);
  if (fresh === adr.text || status !== 'accepted') return fresh;
  const flip = flipOf(basis.chosen, rendering);
  const number = padded(adr.heading.number ?? 0);
  if (flip !== undefined) {
    throw refusal(
      adr,
      `is accepted, and its choice no longer stands: ${flip}`,
      `an accepted ADR is not rewritten: mqbench adr new "…" --supersedes ${number}`,
    );
  }
  if (amend === 'refuse') {
    throw refusal(
      adr,
      'is accepted',
      'its choice still stands: --amend renews its numbers and says so with a date',
    );
  }
  return withAmendment(withFrontMatter(fresh, 'date', today), today);
}

/** A dated line at the end, below `## More Information`, which is added where it is missing. */
function withAmendment(text: string, today: string): string {
  const title = /^## More Information *$/m.test(text) ? '' : '\n## More Information\n';
  return `${text.trimEnd()}\n${title}\n* Amended ${today}: its numbers were renewed; the choice stands.\n`;
}

function refusal({ path }: AdrFile, message: string, hint: string): UserError {
  return new UserError(`${path}: ${message}`, { code: 'adr.refused', exitCode: 2, hint });
}
