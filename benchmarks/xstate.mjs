// The same agreement in XState: node xstate.mjs EDGES ROUNDS prints processor seconds for each work, round by round.
import { createActor, setup, assign } from "xstate";

const [edges, rounds] = [JSON.parse(process.argv[2]), Number(process.argv[3])];
const guards = {
  in_trial: ({ context: c, event: e }) => c.start <= e.now && e.now <= c.trialEnd,
  before_trial_ends: ({ context: c, event: e }) => e.now <= c.trialEnd,
  overdue: ({ context: c, event: e }) => e.now >= Math.max(c.notice + 30, c.due + 30),
  soon_enough: ({ context: c, event: e }) => e.now <= c.suspendedAt + 60,
  uncured: ({ context: c, event: e }) => e.now >= c.notice + 30,
  long_suspended: ({ context: c, event: e }) => e.now >= c.suspendedAt + 60,
  in_window: ({ context: c, event: e }) => c.end - 60 <= e.now && e.now < c.end,
  over: ({ context: c, event: e }) => e.now >= c.end,
};
const actions = {
  mark: assign({ suspendedAt: ({ event }) => event.now }),
  roll: assign({ end: ({ context }) => context.end + 365 }),
};
const states = { trial: {}, active: {}, suspended: {}, renewed: {}, terminated: { type: "final" } };
for (const [trigger, source, target, guard, change] of edges) {
  states[source].on ??= {};
  states[source].on[trigger] = { target, guard, ...(change ? { actions: change } : {}) };
}
const machine = setup({ guards, actions }).createMachine({
  initial: "trial",
  context: { start: 1000, trialEnd: 1030, notice: 1010, due: 1012, end: 1400, suspendedAt: 0 },
  states,
});
const make = () => createActor(machine).start();
const begun = () => {
  const actor = make();
  actor.send({ type: "activate", now: 1020 });
  return actor;
};
const triggers = [...new Set(edges.map(([trigger]) => trigger))];

function act() {
  const actor = begun(), pairs = 2000;
  const start = process.cpuUsage();
  for (let n = 0; n < pairs; n++) {
    actor.send({ type: "suspend", now: 1100 });
    actor.send({ type: "resume", now: 1100 });
  }
  return spent(start, 2 * pairs);
}
function refusal() {
  const actor = begun(), times = 4000;
  const start = process.cpuUsage();
  for (let n = 0; n < times; n++) actor.send({ type: "terminate", now: 1020 });
  return spent(start, times);
}
function possible() {
  const actor = begun(), times = 1000;
  const start = process.cpuUsage();
  for (let n = 0; n < times; n++) triggers.filter((type) => actor.getSnapshot().can({ type, now: 1100 }));
  return spent(start, times);
}
function made() {
  const times = 1000;
  const start = process.cpuUsage();
  for (let n = 0; n < times; n++) make();
  return spent(start, times);
}
function rebuilt(size) {
  const times = Math.ceil(4000 / size);
  const start = process.cpuUsage();
  for (let n = 0; n < times; n++) {
    const actor = begun();
    for (let day = 1100; day < 1100 + size - 2; day += 2) {
      actor.send({ type: "suspend", now: day });
      actor.send({ type: "resume", now: day + 1 });
    }
    actor.send({ type: "terminate", now: 1100 + size });
    if (actor.getSnapshot().value !== "terminated") throw new Error("the life did not end");
  }
  return spent(start, times * size);
}
function spent(start, operations) {
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1e6 / operations;
}

const works = { act, refusal, possible, make: made, rebuild20: () => rebuilt(20), rebuild200: () => rebuilt(200) };
const found = Object.fromEntries(Object.keys(works).map((name) => [name, []]));
for (let round = -2; round < rounds; round++)
  for (const [name, work] of Object.entries(works)) {
    const seconds = work(); // the first two rounds warm the compiler up
    if (round >= 0) found[name].push(seconds);
  }
console.log(JSON.stringify(found));
