import {
  baseUnits,
  canonicalJson,
  loadOf,
  measurableNamed,
  valueOfTrial,
  type Measurable,
  type Result,
  type TrialResult,
} from '../result/index.ts';
import { median } from '../stats/index.ts';
import { didYouMean, quote, type Problem } from '../yaml/index.ts';
import type { Cell, MeasuredSource } from './cell.ts';
import { counted } from './counted.ts';
import type { Blemish, Criterion, Option, Selector } from './decision.ts';
import { valueOf } from './value-function.ts';

/** What was measured of an option, and of what else it has to be like. */
interface Find {
  readonly option: Option;
  readonly selector: Selector;
  readonly measurable: Measurable;
  readonly result: Result;
  readonly trials: readonly TrialResult[];
}

/** What was measured by one criterion, which has to be alike for all options. */
export class MeasuredColumn {
  readonly #criterion: Criterion;
  readonly #results: readonly Result[];
  readonly problems: Problem[] = [];
  /** the first that was found, which the others are compared with */
  #first: Find | undefined;

  /** @param newestFirst of several campaigns with trials of a scenario on a target the first counts */
  constructor(criterion: Criterion, newestFirst: readonly Result[]) {
    this.#criterion = criterion;
    this.#results = newestFirst;
  }

  /** undefined where there is none to be had, which is a problem then */
  cell(option: Option, selector: Selector): Cell | undefined {
    const measurable = measurableNamed(selector.metric);
    if (measurable === undefined || option.target === undefined) return undefined;
    return measurable.ofCapacity === undefined
      ? this.#ofTrials(option, selector, measurable)
      : this.#ofCapacity(option, selector, measurable.ofCapacity);
  }

  #ofTrials(option: Option, selector: Selector, measurable: Measurable): Cell | undefined {
    const isMeant = (trial: TrialResult): boolean =>
      trial.scenario === selector.scenario && trial.target === option.target && isUnder(selector, trial);
    const result = this.#results.find(({ trials }) => trials.some(isMeant));
    if (result === undefined) return this.#nothing(option, selector);
    const trials = result.trials.filter(isMeant);
    const find: Find = { option, selector, measurable, result, trials };
    const phase = this.#phaseFault(find);
    if (phase !== undefined) return this.#problem(option, selector, 'phase', phase);
    const blemishes = this.#examine(find);
    const values = trials.map((trial) => rawOf(find, trial, this.#criterion.unit));
    const known = values.filter((value) => value !== null);
    if (known.length < values.length) {
      const why = `${values.length - known.length} of ${counted(values.length, 'trial')} of ${selector.scenario} in ${result.id} ${values.length === 1 ? 'has' : 'have'} no ${selector.metric}`;
      return this.#problem(
        option,
        selector,
        'no-value',
        `${why}: too few samples, or it did not come to that`,
      );
    }
    return {
      raw: this.#aggregate(known, selector),
      // of a sum, what its parts were says nothing of how far off it may be
      spread: selector.aggregate === 'sum' ? { kind: 'none' } : { kind: 'samples', values: known },
      source: sourceOf(find),
      notes: blemishes,
    };
  }

  #ofCapacity(
    option: Option,
    selector: Selector,
    of: NonNullable<Measurable['ofCapacity']>,
  ): Cell | undefined {
    const isMeant = (each: Result['capacities'][number]): boolean =>
      each.scenario === selector.scenario && each.target === option.target;
    const isSearch = ({ target, ...trial }: TrialResult): boolean =>
      target === option.target && isUnder(selector, trial);
    const result = this.#results.find(
      ({ capacities, trials }) => capacities.some(isMeant) && trials.some(isSearch),
    );
    const capacity = result?.capacities.find(isMeant);
    if (result === undefined || capacity === undefined) return this.#nothing(option, selector);
    const { fitsPerSecond, tooMuchPerSecond, limit, isConfirmed } = capacity;
    const wrong = [
      ...(limit === 'broker' ? [] : [limit === 'mqbench' ? 'mqbench was the limit' : 'no limit was found']),
      ...(isConfirmed ? [] : ['repeated trials contradict it']),
    ];
    if (wrong.length > 0 || tooMuchPerSecond === null)
      return this.#problem(option, selector, 'no-limit', `capacity in ${result.id}: ${wrong.join(', and ')}`);
    const trials = result.trials.filter(isSearch);
    const measurable = measurableNamed(selector.metric);
    if (measurable === undefined) return undefined;
    const find: Find = { option, selector, measurable, result, trials };
    return {
      raw: of(capacity),
      spread: { kind: 'triangular', low: fitsPerSecond, high: tooMuchPerSecond },
      source: { ...sourceOf(find), count: 1 },
      // trials over the limit are part of the search
      notes: this.#blemishes(find),
    };
  }

  /** Why the phase is none that is measured. */
  #phaseFault({ selector: { phase, scenario }, trials }: Find): string | undefined {
    if (phase === undefined) return undefined;
    const phases = trials[0]?.phases ?? [];
    const found = phases.find(({ name }) => name === phase);
    const measured = phases.filter(({ warmup }) => !warmup).map(({ name }) => name);
    if (found === undefined)
      return `${scenario} has no phase ${quote(phase)} (allowed: ${measured.join(', ')})${didYouMean(phase, measured)}`;
    return found.warmup ? `${quote(phase)} is warm-up, which is not measured` : undefined;
  }

  /** What speaks against taking it as evidence becomes a problem, unless it was accepted: then it is told. */
  #examine(find: Find): readonly Blemish[] {
    const { option, selector, measurable, result, trials } = find;
    const told = result.scenarios.find(({ name }) => name === selector.scenario);
    const shortened = (told as { load?: { shortenedFromSeconds?: number } } | undefined)?.load
      ?.shortenedFromSeconds;
    if (shortened !== undefined)
      this.#problem(option, selector, 'shortened', `${result.id} was shortened: a look, and no measurement`);
    const broken = trials.filter(({ interrupted, verdict }) => interrupted || verdict === 'failed');
    if (broken.length > 0) {
      const what = `${broken.length} of ${counted(trials.length, 'trial')} in ${result.id}`;
      this.#problem(option, selector, 'broken-off', `${what} did not run to the end`);
    }
    if (measurable.evidence === 'speed') this.#examineSpeed(find);
    return this.#blemishes(find);
  }

  #examineSpeed({ option, selector, result, trials }: Find): void {
    const unsound = trials.filter(({ verdict }) => verdict !== 'sustained' && verdict !== 'failed');
    if (unsound.length === 0) return;
    const verdicts = [...new Set(unsound.map(({ verdict }) => verdict))].join(', ');
    const what = `${unsound.length} of ${counted(trials.length, 'trial')} of ${selector.scenario} in ${result.id}`;
    this.#problem(
      option,
      selector,
      'not-sustained',
      `${what}: ${verdicts}, which is no evidence for speed; score it otherwise, or at a load that it carries`,
    );
  }

  /** Those that were accepted; others become problems. */
  #blemishes(find: Find): readonly Blemish[] {
    const { option, selector, measurable, result, trials } = find;
    const isSpeed = measurable.evidence === 'speed';
    const [trial] = trials;
    if (trial === undefined) return [];
    const first = (this.#first ??= find);
    const asked = first.trials[0]?.contract.asked;
    if (isSpeed && asked !== undefined && trial.contract.asked !== asked) {
      const what = `it was measured under ${trial.contract.asked}, and ${first.option.id} under ${asked}`;
      this.#problem(option, selector, 'other-contract', what);
    }
    if (
      isSpeed &&
      canonicalJson(loadOf(first.result, selector.scenario)) !==
        canonicalJson(loadOf(result, selector.scenario))
    ) {
      const what = `${selector.scenario} had another load in ${result.id} than in ${first.result.id}`;
      this.#problem(option, selector, 'other-load', what);
    }
    const found: readonly (readonly [Blemish, boolean, string])[] = [
      ['emulated', trial.server.emulated, 'it is emulated'],
      ['one-host', isSpeed && trial.server.oneHost, 'its nodes share one host'],
      [
        'exceeding-contract',
        isSpeed && trial.contract.relation === 'exceeds',
        `it gives ${trial.contract.effective}, more than ${trial.contract.asked}, and pays for it`,
      ],
      [
        'other-host',
        isSpeed && result.host.fingerprint !== first.result.host.fingerprint,
        `it was measured on another machine than ${first.option.id}`,
      ],
      [
        'unordered',
        OF_ORDER.has(measurable.name) && trial.ordering === 'not at all',
        'no order is promised there, so that 0 is no more than what happened',
      ],
    ];
    return found.flatMap(([blemish, applies, why]) => {
      if (!applies) return [];
      if (!selector.accept.includes(blemish))
        this.#problem(
          option,
          selector,
          blemish,
          `${why}; say "accept: [${blemish}]" to use it with a footnote`,
        );
      return [blemish];
    });
  }

  #aggregate(values: readonly number[], { aggregate }: Selector): number {
    switch (aggregate) {
      case 'sum':
        return values.reduce((sum, value) => sum + value, 0);
      case 'median':
        return median(values) ?? 0;
      case 'worst': {
        const { scale } = this.#criterion;
        if (scale.kind === 'categorical') return 0;
        return values.reduce((worst, value) =>
          valueOf(scale, value) < valueOf(scale, worst) ? value : worst,
        );
      }
    }
  }

  #nothing(option: Option, selector: Selector): undefined {
    const under = selector.contract === undefined ? '' : ` under ${selector.contract}`;
    const what = `nothing of ${selector.scenario} on ${option.target}${under} in the results`;
    return this.#problem(option, selector, 'no-match', `${what}; run it, or score ${option.id} otherwise`);
  }

  #problem({ id }: Option, { position }: Selector, code: string, what: string): undefined {
    this.problems.push({
      ...position,
      code: `decision.${code}`,
      message: `${this.#criterion.id}: ${id}: ${what}`,
    });
  }
}

/** Whether it was asked for the contract that is meant. */
function isUnder({ contract }: Selector, trial: Pick<TrialResult, 'contract'>): boolean {
  return contract === undefined || trial.contract.asked === contract;
}

function rawOf({ selector, measurable }: Find, trial: TrialResult, unit: string | null): number | null {
  const found = valueOfTrial(measurable, trial, selector.phase);
  return found === null ? null : found / (baseUnits(measurable.dimension, unit ?? selector.metric) ?? 1);
}

function sourceOf({ selector, result, trials }: Find): MeasuredSource {
  const { scenario, metric, phase, contract, aggregate } = selector;
  const [trial] = trials;
  return {
    kind: 'measured',
    selector: { scenario, metric, phase, contract, aggregate },
    campaign: result.id,
    on: result.startedAt.slice(0, 10),
    count: trials.length,
    server: trial === undefined ? '' : `${trial.server.product} ${trial.server.version}`,
    contract: trial?.contract.effective ?? '',
    host: result.host.fingerprint,
  };
}

/** What counts breaches of an order, which somebody has to have promised. */
const OF_ORDER: ReadonlySet<string> = new Set(['ledger.outOfOrder', 'ledger.rewinds', 'ledger.keySplits']);
