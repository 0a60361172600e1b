import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createRequire, Module } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { z } from 'zod';
import { UserError } from '../../../user-error.ts';
import type { PulsarLibrary } from './api.ts';

const require = createRequire(import.meta.url);

const manifestSchema = z.object({
  version: z.string(),
  binary: z.object({ module_path: z.string(), module_name: z.string() }),
});

export interface LoadedLibrary {
  readonly version: string;
  readonly library: PulsarLibrary;
}

let loading: Promise<LoadedLibrary> | undefined;

/**
 * Loads pulsar-client, once in this thread.
 * @throws {UserError} (exit code 3) where it is not installed, or its add-on does not load
 */
export function loadLibrary(): Promise<LoadedLibrary> {
  loading ??= load();
  return loading;
}

async function load(): Promise<LoadedLibrary> {
  const main = locate();
  const root = dirname(main);
  const manifest = manifestSchema.parse(JSON.parse(await readFile(join(root, 'package.json'), 'utf8')));
  const { version, binary } = manifest;
  const exported = await loadAddOn(resolve(root, binary.module_path), `${binary.module_name}.node`);
  // in the place of the module that would load the add-on from where it is installed
  const id = require.resolve(join(root, 'src/pulsar-binding.js'));
  const standIn = new Module(id);
  standIn.exports = exported;
  standIn.loaded = true;
  require.cache[id] = standIn;
  return { version, library: require(main) as PulsarLibrary };
}

function locate(): string {
  try {
    return require.resolve('pulsar-client');
  } catch (cause) {
    throw unusable('npm package pulsar-client is not installed', cause);
  }
}

/**
 * The add-on keeps the classes of its objects in static variables, so that the second thread to load it takes
 * them away from the first, and the process aborts ("Cannot create a handle without a HandleScope"; 1.18.0).
 * Producers and consumers are in different threads here. The dynamic linker keeps the variables of two files
 * apart, even if one is a copy of the other; so each thread loads a copy of its own, which need not outlast the
 * loading.
 */
async function loadAddOn(folder: string, file: string): Promise<unknown> {
  const files = await readdir(folder).catch((): string[] => []);
  if (!files.includes(file)) {
    throw unusable(`pulsar-client has no add-on for ${process.platform}-${process.arch}`, undefined);
  }
  const copy = await mkdtemp(join(tmpdir(), 'mqbench-pulsar-'));
  try {
    await cp(folder, copy, { recursive: true });
    const loaded = { exports: {} as unknown };
    process.dlopen(loaded, join(copy, file));
    return loaded.exports;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message.split('\n', 1)[0] : String(cause);
    throw unusable(`the add-on of pulsar-client does not load: ${reason}`, cause);
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
}

function unusable(reason: string, cause: unknown): UserError {
  return new UserError(reason, {
    code: 'pulsar.no-native-client',
    exitCode: 3,
    hint: 'npm install pulsar-client (it downloads its add-on), or use the target pulsar-websocket',
    cause,
  });
}
