import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { platform } from 'node:os';
import { promisify } from 'node:util';

/**
 * Which process a pid meant when it was written down. A pid alone is recycled by the system; together with
 * the time at which the process started, and the boot in which it did, it is not.
 */
export interface ProcessIdentity {
  readonly pid: number;
  /** Linux: clock ticks after boot, field 22 of /proc/<pid>/stat; elsewhere: `ps -o lstart` */
  readonly startTime: string;
  /** Linux: /proc/sys/kernel/random/boot_id; elsewhere empty, since lstart is a date */
  readonly bootId: string;
}

/** A line of /proc/<pid>/stat, proc(5). */
export interface ProcessStat {
  readonly pid: number;
  readonly state: string;
  readonly processGroup: number;
  readonly startTime: string;
  /** threads that still run or have yet to leave; a process of one state Z thread holds nothing any more */
  readonly threads: number;
  /** user and system time, its own and that of the children it has waited for */
  readonly cpuTicks: number;
}

export const onLinux = platform() === 'linux';

/** The identity of a live process, or undefined when there is none with that pid. */
export async function identify(pid: number): Promise<ProcessIdentity | undefined> {
  if (!onLinux) return identifyByPs(pid);
  const stat = await readStat(pid);
  if (stat === undefined || isGone(stat)) return undefined;
  return { pid, startTime: stat.startTime, bootId: await bootId() };
}

/** Whether the very process that was identified still runs. */
export async function isAlive(identity: ProcessIdentity): Promise<boolean> {
  const now = await identify(identity.pid);
  return now !== undefined && now.startTime === identity.startTime && now.bootId === identity.bootId;
}

/** Whether a signal (SIGSTOP) holds it up. Linux only: elsewhere no process counts as held up. */
export async function isPaused({ pid }: ProcessIdentity): Promise<boolean> {
  return onLinux && (await readStat(pid))?.state === 'T';
}

async function bootId(): Promise<string> {
  return onLinux ? (await readFile('/proc/sys/kernel/random/boot_id', 'utf8')).trim() : '';
}

/** All processes of the machine that can be seen. Linux only. */
export async function allProcesses(): Promise<ProcessStat[]> {
  const entries = await readdir('/proc');
  const pids = entries.filter((entry) => /^\d+$/.test(entry)).map(Number);
  const stats = await Promise.all(pids.map(readStat));
  return stats.filter((stat) => stat !== undefined).filter((stat) => !isGone(stat));
}

/** The name that a process goes by, for messages; undefined when it is gone or not ours to see. */
export async function commandOf(pid: number): Promise<string | undefined> {
  const text = await readProcess(pid, 'comm');
  return text?.trim();
}

/** The value of a variable in the environment with which a process was started. Linux only. */
export async function environmentOf(pid: number, variable: string): Promise<string | undefined> {
  const text = await readProcess(pid, 'environ');
  const entry = text?.split('\0').find((each) => each.startsWith(`${variable}=`));
  return entry?.slice(variable.length + 1);
}

/** What a process occupies of the memory; 0 when it has gone. Linux only. */
export async function residentBytes(pid: number): Promise<number> {
  const text = await readProcess(pid, 'status');
  return Number(/^VmRSS:\s*(\d+) kB$/m.exec(text ?? '')?.[1] ?? 0) * 1024;
}

async function readStat(pid: number): Promise<ProcessStat | undefined> {
  const text = await readProcess(pid, 'stat');
  return text === undefined ? undefined : parseStat(text);
}

/** The name stands in parentheses and may hold anything, so fields are counted from the last parenthesis. */
export function parseStat(text: string): ProcessStat {
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const field = (number: number): string => fields[number - 3] ?? '';
  return {
    pid: Number.parseInt(text, 10),
    state: field(3),
    processGroup: Number(field(5)),
    startTime: field(22),
    threads: Number(field(20)),
    cpuTicks: Number(field(14)) + Number(field(15)) + Number(field(16)) + Number(field(17)),
  };
}

/**
 * A zombie holds its pid and nothing else. Where threads are left it is only the first of them that has ended:
 * the others may yet hold its files and ports.
 */
function isGone({ state, threads }: Pick<ProcessStat, 'state' | 'threads'>): boolean {
  return (state === 'Z' || state === 'X') && threads <= 1;
}

async function readProcess(pid: number, file: string): Promise<string | undefined> {
  try {
    return await readFile(`/proc/${pid}/${file}`, 'utf8');
  } catch (error) {
    if (isGoneOrForbidden(error)) return undefined;
    throw error;
  }
}

/** ENOENT and ESRCH: it ended before or while it was read. EACCES, EPERM: it belongs to somebody else. */
function isGoneOrForbidden(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  return ['ENOENT', 'ESRCH', 'EACCES', 'EPERM'].includes(code);
}

async function identifyByPs(pid: number): Promise<ProcessIdentity | undefined> {
  try {
    const { stdout } = await promisify(execFile)('ps', ['-o', 'stat=,lstart=', '-p', String(pid)]);
    const [, state, startTime] = /^\s*(\S+)\s+(.+?)\s*$/.exec(stdout) ?? [];
    if (state === undefined || startTime === undefined || isGone({ state: state.charAt(0), threads: 1 }))
      return undefined;
    return { pid, startTime, bootId: '' };
  } catch (error) {
    // ps ends with 1 and says nothing when there is no such process
    if ((error as { code?: unknown }).code === 1) return undefined;
    throw error;
  }
}
