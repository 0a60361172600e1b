import type { Setting } from './setting.ts';

/** Pulsar's partitioned topics are created through its admin API. */
export class PulsarTopic {
  readonly #url: string;

  constructor({ connection, topic }: Setting) {
    this.#url = `${String(connection['adminUrl'])}/admin/v2/persistent/public/default/${topic}/partitions`;
  }

  async create(partitions: number): Promise<void> {
    const headers = { 'content-type': 'application/json' };
    await this.#ask({ method: 'PUT', headers, body: String(partitions) });
  }

  async delete(): Promise<void> {
    await this.#ask({ method: 'DELETE' }, '?force=true');
  }

  async #ask(request: RequestInit, query = ''): Promise<void> {
    const response = await fetch(`${this.#url}${query}`, request);
    if (!response.ok) throw new Error(`${request.method} ${this.#url}: HTTP ${response.status}`);
  }
}
