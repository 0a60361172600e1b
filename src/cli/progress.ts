import ora, { type Ora } from 'ora';
import { formatCount, formatMs, formatRate, formatSpan } from '../report/index.ts';
import { lastKnownSecond, type TrialProgress } from '../run/index.ts';
import { phaseAt, type TrialPlan } from '../scenario/index.ts';

/** Seconds that a trial takes beside its load: starting agents, creating and deleting topics. */
const OVERHEAD_SECONDS = 3;
/** Without a terminal, a line this often, and one for each phase. */
const PLAIN_EVERY_SECONDS = 10;

/** The live line of a campaign on stderr: rewritten on a terminal, now and then a new one elsewhere. */
export class ProgressLine {
  readonly #spinner: Ora | undefined;
  /** undefined: nobody knows how many trials there will be */
  #of: number | undefined;
  #plainAtSeconds = 0;
  #plainStage = '';

  constructor() {
    const live = process.stderr.isTTY && process.env['CI'] === undefined;
    this.#spinner = live ? ora({ stream: process.stderr, discardStdin: false }) : undefined;
  }

  /** A line that stays. */
  note(text: string): void {
    if (this.#spinner === undefined) process.stderr.write(`${text}\n`);
    else {
      const wasSpinning = this.#spinner.isSpinning;
      this.#spinner.stop();
      process.stderr.write(`${text}\n`);
      if (wasSpinning) this.#spinner.start();
    }
  }

  trialStarted(plan: TrialPlan, of: number | undefined): void {
    this.#of = of;
    this.#plainAtSeconds = PLAIN_EVERY_SECONDS;
    this.#plainStage = '';
    const text = `${this.#head(plan)}: starting`;
    if (this.#spinner === undefined) process.stderr.write(`${text}\n`);
    else this.#spinner.start(text);
  }

  update(progress: TrialProgress): void {
    const stage = stageOf(progress);
    // how long the rest takes is the broker's to say
    const left =
      progress.stage !== 'load' || this.#of === undefined
        ? ''
        : ` · ${formatSpan(this.#secondsLeft(progress))} left`;
    const line = (text: string): string => `${this.#head(progress.plan)}: ${text}${left}`;
    if (this.#spinner !== undefined) this.#spinner.text = line(`${stage} · ${figures(progress)}`);
    else if (stage !== this.#plainStage) {
      this.#plainStage = stage;
      process.stderr.write(`${line(stage)}\n`);
    } else if (progress.seconds >= this.#plainAtSeconds) {
      this.#plainAtSeconds += PLAIN_EVERY_SECONDS;
      process.stderr.write(`${line(`${stage} · ${figures(progress)}`)}\n`);
    }
  }

  stop(): void {
    this.#spinner?.stop();
  }

  #head({ position, target, scenario, repeat }: TrialPlan): string {
    const place = this.#of === undefined ? String(position) : `${position}/${this.#of}`;
    return `[${place}] ${scenario.name} on ${target}${repeat > 1 ? ` #${repeat}` : ''}`;
  }

  /** Of the whole campaign, taking the other trials to be as long as this one. */
  #secondsLeft({ plan, seconds }: TrialProgress): number {
    const { load, drain } = plan.scenario;
    const trialSeconds = load.phases.reduce(
      (sum, phase) => sum + phase.seconds,
      drain.quietSeconds + OVERHEAD_SECONDS,
    );
    return ((this.#of ?? 0) - plan.position) * trialSeconds + Math.max(0, trialSeconds - seconds);
  }
}

const AFTERWARDS: Readonly<Record<Exclude<TrialProgress['stage'], 'load'>, string>> = {
  drain: 'draining',
  close: 'closing, and asking the broker what it holds',
  replay: 'reading the log from its start',
};

/** The name of the phase, or what comes after the last. */
function stageOf({ plan, seconds, stage }: TrialProgress): string {
  if (stage !== 'load') return AFTERWARDS[stage];
  return phaseAt(plan.scenario.load.phases, seconds)?.name ?? 'sending what is late';
}

function figures({ seconds, series }: TrialProgress): string {
  const row = series.at(lastKnownSecond(seconds));
  return [
    `${formatRate(row.attempted)}/s sent`,
    `${formatRate(row.delivered)}/s delivered`,
    `backlog ${formatCount(row.backlog)}`,
    `p99 ${formatMs(row.endToEndP99Us)} ms`,
  ].join(' · ');
}
