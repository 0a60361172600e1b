import { createTwoFilesPatch } from 'diff';
import { expiredEvidence, leadersOf, REGIONS } from '../decision/index.ts';
import { basisOf, renderBasis, type Basis, type Rendering } from './basis.ts';
import type { AdrFile } from './folder.ts';
import { fillRegions, readRegions, sumOf } from './regions.ts';
import { standingOf } from './standing.ts';

/**
 * How an ADR stands to what it rests on.
 *
 * - `tampered`: somebody has edited what mqbench wrote, or its text names another option than its front matter, or
 *   it says that it was superseded by what cannot have done so
 * - `flipped`: by what is known now, another option is first
 * - `stale`: numbers moved, and the choice stands
 * - `expired`: some of its evidence is too old to count
 * - `current`: none of these
 */
export type AdrState = 'current' | 'stale' | 'tampered' | 'expired' | 'flipped';

/** Without these an ADR says what nobody can check. */
const INDISPENSABLE = ['outcome', 'matrix'] as const;

export interface AdrFinding {
  readonly state: AdrState;
  /** why, a line each */
  readonly reasons: readonly string[];
  /** from what it says to what it should; undefined where there is no difference to show */
  readonly patch: string | undefined;
}

/**
 * @param folder the ADRs beside it, one of which may have taken its place
 * @param today ISO date
 * @returns undefined for an ADR that rests on no decision file, or that is history
 */
export async function appraiseAdr(
  adr: AdrFile,
  folder: readonly AdrFile[],
  today: string,
): Promise<AdrFinding | undefined> {
  const basis = basisOf(adr);
  if (basis === undefined) return appraiseBare(adr);
  const { is, note } = standingOf(adr, folder);
  // what is history may look as it likes
  if (is === 'over') return undefined;
  if (is === 'unbelievable') return tamperedWith(note ?? '');
  const finding = await appraiseBasis(adr, basis, today);
  return finding.state === 'current' || note === undefined
    ? finding
    : { ...finding, reasons: [...finding.reasons, note] };
}

/** One that rests on no decision file has nothing to hide either. */
function appraiseBare(adr: AdrFile): AdrFinding | undefined {
  if (readRegions(adr.text, adr.path, Object.keys(REGIONS)).length === 0) return undefined;
  return tamperedWith('mqbench has written in it, and its front matter names no decision file');
}

async function appraiseBasis(adr: AdrFile, basis: Basis, today: string): Promise<AdrFinding> {
  const regions = readRegions(adr.text, adr.path, Object.keys(REGIONS));
  const missing = INDISPENSABLE.filter((name) => regions.every((region) => region.name !== name));
  if (missing.length > 0) return tamperedWith(`what mqbench had written is gone: ${missing.join(', ')}`);
  const tampered = regions.filter(({ sum, content }) => sum !== undefined && sum !== sumOf(content));
  const rendering = await renderBasis(basis, adr.path);
  const fresh = fillRegions(adr.text, rendering.contents, rendering.inputs);
  const patch = fresh === adr.text ? undefined : patchOf(adr, fresh);
  if (tampered.length > 0) {
    const reasons = tampered.map(({ name, line }) => `the region ${name} in line ${line} was edited by hand`);
    return { state: 'tampered', reasons, patch };
  }
  const other = otherThanChosen(adr.text, basis.chosen, rendering);
  if (other !== undefined) return { state: 'tampered', reasons: [other], patch };
  const flip = flipOf(basis.chosen, rendering);
  if (flip !== undefined) return { state: 'flipped', reasons: [flip], patch };
  if (patch !== undefined) {
    const never = regions.filter(({ sum }) => sum === undefined).map(({ name }) => name);
    const reasons = [
      never.length === 0
        ? 'its decision file or its evidence has changed; the choice stands'
        : `never rendered: ${never.join(', ')}`,
    ];
    return { state: 'stale', reasons, patch };
  }
  const old = expiredEvidence(rendering.matrix, today);
  if (old.length > 0) return { state: 'expired', reasons: old, patch: undefined };
  return { state: 'current', reasons: [], patch: undefined };
}

function tamperedWith(reason: string): AdrFinding {
  return { state: 'tampered', reasons: [reason], patch: undefined };
}

/** What puts another option first; undefined where the chosen one is, of which there may be several. */
export function flipOf(chosen: string, { matrix }: Rendering): string | undefined {
  const leaders = leadersOf(matrix);
  if (leaders.some(({ id }) => id === chosen)) return undefined;
  const option = matrix.options.find(({ id }) => id === chosen);
  if (option === undefined) return `it chose ${chosen}, which is no option of its decision file`;
  const [first] = leaders;
  if (first === undefined) return `it chose ${option.title}, and every option is out by a veto`;
  return matrix.ranking.includes(chosen)
    ? `it chose ${option.title} (${option.total.toFixed(3)}), and ${first.title} is first (${first.total.toFixed(3)})`
    : `it chose ${option.title}, which is out by a veto; ${first.title} is first (${first.total.toFixed(3)})`;
}

/** Where its text names another option than its front matter, of those that there are. */
export function otherThanChosen(text: string, chosen: string, { matrix }: Rendering): string | undefined {
  for (const [index, line] of text.split('\n').entries()) {
    // as it was written, or as somebody may have put it in other words
    const [, said] = /^\W*(?:chosen option|we chose)\W(.*?)(?:, because\b.*)?$/i.exec(line) ?? [];
    const named = matrix.options.filter(
      ({ id, title }) => said?.includes(title) === true || said?.includes(`"${id}"`),
    );
    const [first] = named;
    if (first === undefined || named.some(({ id }) => id === chosen)) continue;
    return `line ${index + 1} says that ${first.title} was chosen, and its front matter ${chosen}`;
  }
  return undefined;
}

/** Without the hashes, which differ wherever something does. */
function patchOf({ path, text }: AdrFile, fresh: string): string {
  const bare = (document: string): string => document.replaceAll(/ (?:inputs|sum)=[0-9a-f]+(?= )/g, '');
  const patch = createTwoFilesPatch(path, 'rendered again', bare(text), bare(fresh), '', '', { context: 1 });
  return patch.replace(/^=+\n/, '');
}
