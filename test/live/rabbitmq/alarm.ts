import { access, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RunningRabbitmq } from './running-rabbitmq.ts';

const LOOK_EVERY_MS = 20;
/** After this the broker lifts the alarm, whatever has become of the test. */
const LONGEST_S = 100;

/** Erlang that raises an alarm, and that lifts it: what `rabbitmqctl set_…` calls, and the defaults of `mqbench up`. */
const CALLS = {
  memory: [
    'vm_memory_monitor:set_vm_memory_high_watermark({absolute, 1048576})',
    'vm_memory_monitor:set_vm_memory_high_watermark(0.4)',
  ],
  disk: [
    'rabbit_disk_monitor:set_disk_free_limit("1000000GB")',
    'rabbit_disk_monitor:set_disk_free_limit("50MB")',
  ],
} as const;

/**
 * An alarm of the broker, to be raised and lifted within 50 ms: `rabbitmqctl` takes seconds to start on a busy
 * machine, so it is started before, and in the broker waits for files to come and go.
 */
export class Alarm implements AsyncDisposable {
  readonly #folder: string;
  readonly #ended: Promise<string>;

  private constructor(folder: string, ended: Promise<string>) {
    this.#folder = folder;
    this.#ended = ended;
  }

  static async arm(rabbitmq: RunningRabbitmq, resource: keyof typeof CALLS): Promise<Alarm> {
    const folder = await mkdtemp(join(tmpdir(), 'mqbench-alarm-'));
    const [raise, lift] = CALLS[resource];
    const looks = (LONGEST_S * 1000) / LOOK_EVERY_MS;
    const file = (name: string) => `"${join(folder, name)}"`;
    const ended = rabbitmq.control(
      'eval',
      `Until = fun U(_, 0) -> late; U(There, N) ->
         case filelib:is_file(${file('on')}) of There -> ok; _ -> timer:sleep(${LOOK_EVERY_MS}), U(There, N - 1) end
       end,
       Tell = fun(Name) -> file:write_file(Name, <<>>) end,
       Tell(${file('armed')}),
       Until(true, ${looks}), ${raise}, Tell(${file('raised')}),
       Until(false, ${looks}), ${lift}, Tell(${file('lifted')}).`,
    );
    const alarm = new Alarm(folder, ended);
    await alarm.#told('armed');
    return alarm;
  }

  async raise(): Promise<void> {
    await writeFile(this.#file('on'), '');
    await this.#told('raised');
  }

  async lift(): Promise<void> {
    await rm(this.#file('on'), { force: true });
    await this.#told('lifted');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // one that was never raised must have been before it can be lifted
    await this.raise();
    await this.lift();
    await this.#ended;
    await rm(this.#folder, { recursive: true });
  }

  #file(name: string): string {
    return join(this.#folder, name);
  }

  async #told(name: string): Promise<void> {
    // the end of rabbitmqctl is a failure of it, unless that was the last thing to be told
    const ended = this.#ended.then(() => true);
    while (!(await isThere(this.#file(name)))) {
      if (await Promise.race([ended, sleep(LOOK_EVERY_MS, false)])) return;
    }
  }
}

function isThere(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
