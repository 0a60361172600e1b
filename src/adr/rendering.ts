import { REGIONS } from '../decision/index.ts';
import { UserError } from '../user-error.ts';
import { flipOf, otherThanChosen } from './appraisal.ts';
import { padded, withFrontMatter } from './heading.ts';
import { basisOf, renderBasis } from './basis.ts';
import type { AdrFile } from './folder.ts';
import { standingOf, statusOf } from './standing.ts';
import { fillRegions, readRegions, sumOf } from './regions.ts';

export interface RenderOptions {
  /** whether an accepted ADR may be renewed, which adds a dated line to it */
  readonly amend: 'amend' | 'refuse';
  /** ISO date */
  readonly today: string;
}

export interface RenderedAdr {
  readonly text: string;
  /** what puts another option first than the one that it chose */
  readonly flip: string | undefined;
}

/**
 * The text of an ADR with its regions as they should be now, and the rest of it as it is.
 * @param folder the ADRs beside it, one of which may have taken its place
 * @throws UserError (exit code 2) for one that rests on no decision file or has no region; (exit code 1's business is
 * `adr check`) for one that was accepted, or edited by hand, or whose choice no longer stands
 */
export async function renderAdr(
  adr: AdrFile,
  folder: readonly AdrFile[],
  { amend, today }: RenderOptions,
): Promise<RenderedAdr> {
  const basis = basisOf(adr);
  const regions = readRegions(adr.text, adr.path, Object.keys(REGIONS));
  if (basis === undefined || regions.length === 0) {
    throw refusal(adr, 'has nothing that mqbench writes', 'adr new writes one that has');
  }
  const { is } = standingOf(adr, folder);
  if (is === 'over')
    throw refusal(adr, 'is history, and stays as it is', 'render the one that took its place');
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
  const flip = flipOf(basis.chosen, rendering);
  // one that is to be superseded was accepted, and holds until the other is
  if (fresh === adr.text || statusOf(adr) === 'proposed') return { text: fresh, flip };
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
  return { text: withAmendment(withFrontMatter(fresh, 'date', today), today), flip };
}

/** A dated line at the end, below `## More Information`, which is added where it is missing. */
function withAmendment(text: string, today: string): string {
  const title = /^## More Information *$/m.test(text) ? '' : '\n## More Information\n';
  return `${text.trimEnd()}\n${title}\n* Amended ${today}: its numbers were renewed; the choice stands.\n`;
}

function refusal({ path }: AdrFile, message: string, hint: string): UserError {
  return new UserError(`${path}: ${message}`, { code: 'adr.refused', exitCode: 2, hint });
}
