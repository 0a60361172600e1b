import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { DeliveryLedger, reconcile, SendLedger, type DeliveryAccount } from '../../src/measure/index.ts';
import { SequenceSet } from '../../src/measure/sequence-set.ts';
import {
  deliveriesOf,
  histories,
  identityOf,
  KEYS,
  PRODUCERS,
  RUN,
  sendsOf,
  type Fate,
  type History,
} from './fixtures/history.ts';

type Account = ReturnType<typeof reconcile>;

function ledgerOf(history: History, brokerBacklog: number | undefined = 0, maxExamples = Infinity): Account {
  const account = deliveriesOf(history, maxExamples);
  return reconcile(sendsOf(history), [{ account, brokerBacklog }], maxExamples);
}

/** How many messages had one of these fates, and arrived or not. */
function count(history: History, fates: readonly Fate[], arrived: boolean): number {
  const seen = new Set(history.arrivals.map((arrival) => arrival.message));
  return history.messages.filter(({ fate }, index) => fates.includes(fate) && seen.has(index) === arrived)
    .length;
}

/** `producer 1 #4-6` of examples, as `1/4`, `1/5`, `1/6`. */
function named(examples: readonly string[] | undefined): readonly string[] {
  return (examples ?? []).flatMap((example) => {
    const [, producer = '', from = '', to = from] = /producer (\d+) #(\d+)(?:-(\d+))?/.exec(example) ?? [];
    return Array.from(
      { length: Number(to) - Number(from) + 1 },
      (_, index) => `${producer}/${Number(from) + index}`,
    );
  });
}

describe('the ledger, given any history of loss, duplicates and disorder', () => {
  it('knows of every message what became of it', () => {
    fc.assert(
      fc.property(histories, (history) => {
        const ledger = ledgerOf(history);
        assert.deepEqual(pick(ledger), {
          attempted: history.messages.length,
          acknowledged: count(history, ['acknowledged'], true) + count(history, ['acknowledged'], false),
          refused: count(history, ['refused'], true) + count(history, ['refused'], false),
          delivered: count(history, ['acknowledged'], true),
          lost: count(history, ['acknowledged'], false),
          recovered: count(history, ['unknown'], true),
          resurrected: count(history, ['failed', 'refused'], true),
          neverArrived: count(history, ['failed', 'refused', 'unknown'], false),
          phantom: 0,
        });
      }),
    );
  });

  it('counts each message once: the outcomes add up to what was attempted, on either side', () => {
    fc.assert(
      fc.property(histories, fc.option(fc.nat(80), { nil: undefined }), (history, brokerBacklog) => {
        const ledger = ledgerOf(history, brokerBacklog);
        assert.equal(ledger.acknowledged + ledger.failed + ledger.unknown, ledger.attempted);
        assert.equal(
          ledger.delivered +
            ledger.recovered +
            ledger.resurrected +
            ledger.backlog +
            ledger.lost +
            ledger.neverArrived,
          ledger.attempted,
        );
      }),
    );
  });

  it('names the lost, each of them and no other', () => {
    fc.assert(
      fc.property(histories, (history) => {
        const seen = new Set(history.arrivals.map((arrival) => arrival.message));
        const lost = history.messages.filter(
          ({ fate }, index) => fate === 'acknowledged' && !seen.has(index),
        );
        assert.deepEqual(
          new Set(named(ledgerOf(history).examples['missing'])),
          new Set(lost.map(({ identity }) => `${identity.producer}/${identity.sequence}`)),
        );
      }),
    );
  });

  it('finds every duplicate, the silent ones among them, and every acknowledged message out of the order of its key', () => {
    fc.assert(
      fc.property(histories, (history) => {
        let [duplicates, silentDuplicates, outOfOrder, rewinds] = [0, 0, 0, 0];
        const before: number[] = [];
        for (const { message, mark } of history.arrivals) {
          const { key, keySequence } = history.messages[message]?.identity ?? identityOf({});
          const later = before.some((each) => {
            const other = history.messages[each]?.identity;
            return other?.key === key && other.keySequence > keySequence;
          });
          if (before.includes(message)) {
            duplicates++;
            if (mark === 'unmarked') silentDuplicates++;
            if (later) rewinds++;
          } else if (later && history.messages[message]?.fate === 'acknowledged') outOfOrder++;
          before.push(message);
        }
        const ledger = ledgerOf(history);
        assert.deepEqual(
          {
            duplicates: ledger.duplicates,
            silentDuplicates: ledger.silentDuplicates,
            outOfOrder: ledger.outOfOrder,
            rewinds: ledger.rewinds,
            corrupt: ledger.corrupt,
            keySplits: ledger.keySplits,
          },
          { duplicates, silentDuplicates, outOfOrder, rewinds, corrupt: 0, keySplits: 0 },
        );
      }),
    );
  });

  it('keeps no more examples of a kind than it was asked to, and counts as if it kept all', () => {
    fc.assert(
      fc.property(histories, fc.nat(3), (history, most) => {
        const { examples, ...counts } = ledgerOf(history, 0, most);
        for (const [kind, found] of Object.entries(examples)) assert.ok(found.length <= most, kind);
        const { examples: _, ...all } = ledgerOf(history);
        assert.deepEqual(counts, all);
      }),
    );
  });
});

describe('the ledger, given agents that share the consumers of a subscription', () => {
  it('has merged pages that hold what one agent would have seen, whoever got what', () => {
    fc.assert(
      fc.property(histories, fc.integer({ min: 1, max: 4 }), (history, agents) => {
        const accounts = Array.from({ length: agents }, (_, agent) =>
          deliveriesOf({
            ...history,
            arrivals: history.arrivals.filter((_, index) => index % agents === agent),
          }),
        );
        for (let producer = 0; producer < PRODUCERS; producer++) {
          const union = new SequenceSet();
          for (const account of accounts) union.merge(account.arrived[producer] ?? []);
          const whole = new SequenceSet(deliveriesOf(history).arrived[producer]);
          assert.equal(union.count, whole.count);
          assert.deepEqual([...union.minus(whole), ...whole.minus(union)], []);
        }
      }),
    );
  });
});

describe('the ledger, given messages that did not arrive', () => {
  const three: History = {
    messages: [0, 1, 2].map((sequence) => ({
      identity: identityOf({ sequence, keySequence: sequence }),
      fate: 'acknowledged',
    })),
    arrivals: [],
  };
  const table: readonly (readonly [string, number | undefined, number, number])[] = [
    ['the broker holds none of them', 0, 0, 3],
    ['the broker holds some of them', 2, 2, 1],
    ['the broker holds more, of others', 9, 3, 0],
    ['the broker cannot say', undefined, 0, 3],
  ];
  for (const [when, brokerBacklog, backlog, lost] of table) {
    it(`when ${when}: takes ${backlog} for backlog and ${lost} for lost`, () => {
      const ledger = ledgerOf(three, brokerBacklog);
      assert.deepEqual([ledger.backlog, ledger.lost], [backlog, lost]);
    });
  }

  it('names neighbours as a range, with the subscription', () => {
    assert.deepEqual(ledgerOf(three).examples['missing'], ['main: producer 0 #0-2']);
  });
});

describe('the ledger, given several subscriptions', () => {
  it('reconciles each with all that was sent, and adds them up', () => {
    const sends = new SendLedger(0);
    for (let sequence = 0; sequence < 4; sequence++) sends.acknowledged(sends.attempt());
    const accounts = [4, 3].map((arrived, index): DeliveryAccount => {
      const ledger = new DeliveryLedger(`sub-${index}`, RUN, { producers: 1, keys: 1, maxExamples: 9 });
      for (let sequence = 0; sequence < arrived; sequence++)
        ledger.delivered(identityOf({ sequence, keySequence: sequence }), 0, 'unmarked');
      return ledger.account();
    });
    const ledger = reconcile(
      [sends.account()],
      accounts.map((account) => ({ account, brokerBacklog: 0 })),
      9,
    );
    assert.deepEqual([ledger.attempted, ledger.delivered, ledger.lost], [4, 7, 1]);
    assert.deepEqual(
      ledger.subscriptions.map(({ subscription, delivered, lost }) => [subscription, delivered, lost]),
      [
        ['sub-0', 4, 0],
        ['sub-1', 3, 1],
      ],
    );
    assert.deepEqual(ledger.examples, { missing: ['sub-1: producer 0 #3'] });
  });
});

describe('the ledger, given what nobody sent', () => {
  it('takes for phantoms: messages of another run, of no producer, and with a sequence never attempted', () => {
    const sends = new SendLedger(0);
    sends.acknowledged(sends.attempt());
    const ledger = new DeliveryLedger('main', RUN, { producers: 1, keys: KEYS, maxExamples: 9 });
    assert.equal(ledger.delivered(identityOf({}), 0, 'unmarked'), 'first');
    assert.equal(ledger.delivered(identityOf({ run: RUN + 1 }), 0, 'unmarked'), 'foreign');
    assert.equal(ledger.delivered(identityOf({ producer: 1 }), 0, 'unmarked'), 'foreign');
    assert.equal(ledger.delivered(identityOf({ sequence: 5, keySequence: 5 }), 0, 'unmarked'), 'first');
    const { delivered, phantom, lost } = reconcile(
      [sends.account()],
      [{ account: ledger.account(), brokerBacklog: 0 }],
      9,
    );
    assert.deepEqual({ delivered, phantom, lost }, { delivered: 1, phantom: 3, lost: 0 });
  });
});

function pick(ledger: Account): object {
  const { attempted, acknowledged, refused, delivered, lost, recovered, resurrected, neverArrived, phantom } =
    ledger;
  return { attempted, acknowledged, refused, delivered, lost, recovered, resurrected, neverArrived, phantom };
}

describe('the ledger of sends that were not acknowledged', () => {
  it('tells why, the most frequent reason of all producers first', () => {
    const [one, other] = [new SendLedger(0), new SendLedger(1)];
    for (const ledger of [one, other])
      ledger.explain({ outcome: 'failed', reason: 'disk full', mend: 'free it' });
    for (let send = 0; send < 3; send++) other.explain({ outcome: 'unknown', reason: 'gone' });
    assert.deepEqual(reconcile([one.account(), other.account()], [], 0).reasons, [
      { outcome: 'unknown', reason: 'gone', mend: undefined, count: 3 },
      { outcome: 'failed', reason: 'disk full', mend: 'free it', count: 2 },
    ]);
  });

  it('keeps eight reasons of a producer, and counts the others together', () => {
    const ledger = new SendLedger(0);
    for (let size = 0; size < 100; size++) ledger.explain({ outcome: 'refused', reason: `${size} bytes` });
    const { reasons } = ledger.account();
    assert.equal(reasons.length, 9);
    assert.deepEqual(reasons.at(-1), { outcome: 'refused', reason: 'other reasons', count: 92 });
  });
});
